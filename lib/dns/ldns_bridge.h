#pragma once
// Private to lib/dns: a Record as ldns sees it, and back. Free of ldns headers.

#include <memory>
#include <optional>
#include <string>

#include "dns/record.h"

struct ldns_struct_rr;

namespace dcv::dns {

struct LdnsRecordDeleter {
  void operator()(ldns_struct_rr* record) const;
};
using LdnsRecord = std::unique_ptr<ldns_struct_rr, LdnsRecordDeleter>;

// Empty when ldns cannot read the data.
LdnsRecord to_ldns(const Record& record);
std::optional<Record> from_ldns(const ldns_struct_rr* record);

}  // namespace dcv::dns
