// The table of record types with names in their data (RFC 1035, RFC 3597 4).

#include "dns/rdata_names.h"

namespace dcv::dns {

std::optional<RdataNames> rdata_names(RecordType type) {
  switch (type) {
    case RecordType::ns:
    case RecordType::cname:
    case RecordType::ptr:
      return RdataNames{0, 1, 0, true};
    case RecordType::dname:
      return RdataNames{0, 1, 0, false};
    case RecordType::soa:
      return RdataNames{0, 2, 20, true};
    case RecordType::mx:
      return RdataNames{2, 1, 0, true};
    case RecordType::srv:
      return RdataNames{6, 1, 0, false};
    default:
      return std::nullopt;
  }
}

}  // namespace dcv::dns
