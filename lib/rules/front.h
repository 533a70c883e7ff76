#pragma once
// Networks that end TLS in the place of the servers behind them, and by what they are recognised.
// Pure; what holds for each was taken from its public documentation.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dns/ip.h"
#include "dns/name.h"

namespace dcv::rules {

struct Front {
  std::string_view title;                         // "Cloudflare"
  std::span<const std::string_view> alias_tails;  // customers' names are aliases below these
  std::span<const std::string_view> certified;    // in certificates that it shows for want of the
                                                  // customer's: names at or below these
  std::span<const std::string_view> blocks;       // of its addresses, "104.16.0.0/13"
};

// Whose it is, and by which of its signs that is known; null when none has it.
const Front* front_of_alias(const dns::Name& target);
const Front* front_of_certificate(std::string_view dns_name);  // as certificates have it
const Front* front_of_address(const dns::IpAddress& address);

}  // namespace dcv::rules
