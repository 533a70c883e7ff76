#pragma once
// Private to lib/dns: where names lie in the data of the types that may compress them on the wire.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dns/codes.h"

namespace dcv::dns {

// The data of such a type is `before` bytes, then `names` names, then `after` bytes.
struct RdataNames {
  std::size_t before = 0;
  std::size_t names = 0;
  std::size_t after = 0;
  bool may_compress = false;  // when sending (RFC 3597 4); all may come in compressed
};
std::optional<RdataNames> rdata_names(RecordType type);

}  // namespace dcv::dns
