#pragma once
// Mail addresses by which CAs validate (BR 3.2.2.4.4, .13, .14 and appendix A). Pure; knows no
// servers.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "dns/name.h"
#include "dns/result.h"

namespace dcv::rules {

// What stands before the @ of constructed addresses (BR 3.2.2.4.4).
inline constexpr std::array<std::string_view, 5> kMailboxes = {
    "admin", "administrator", "webmaster", "hostmaster", "postmaster"};
inline constexpr std::string_view kContactLabel = "_validation-contactemail";  // of TXT records
inline constexpr std::string_view kContactTag = "contactemail";                // of CAA records

// The value of a contact record. It counts only when the whole of it is one address (RFC 6532 3.2).
struct Contact {
  std::string address;             // empty when there is a fault
  std::string fault;               // as the end of a sentence: "begins with mailto:"
  std::vector<std::string> meant;  // with a fault: the addresses in it, as far as they can be told
};
Contact read_contact(std::string_view value);

// Where mail to an address goes: the name after the @, U-labels turned into A-labels.
Result<dns::Name> mail_domain(std::string_view address);

}  // namespace dcv::rules
