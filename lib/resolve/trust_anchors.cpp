// The root's trust anchors: the built-in ones and files in zone-file format.
#include "resolve/trust_anchors.h"

#include <stdexcept>

#include "dns/zone_file.h"

namespace dcv::resolve {
namespace {

// As IANA publishes them (https://data.iana.org/root-anchors/).
constexpr char kBuiltin[] =
    ". 172800 IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n"
    ". 172800 IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16\n";

bool is_anchor(const dns::Record& record) {
  return record.owner.is_root() && record.record_class == dns::kClassIn &&
         (dns::as_ds(record) || dns::as_dnskey(record));
}

}  // namespace

std::vector<dns::Record> builtin_trust_anchors() {
  Result<std::vector<dns::Record>> anchors = parse_trust_anchors(kBuiltin);
  if (!anchors) throw std::logic_error("built-in trust anchors: " + anchors.error());
  return std::move(anchors).value();
}

Result<std::vector<dns::Record>> parse_trust_anchors(const std::string& text) {
  Result<std::vector<dns::Record>> records = dns::parse_zone(text, dns::Name());
  if (!records) return Error{records.error()};
  for (const dns::Record& record : *records) {
    if (!is_anchor(record))
      return Error{"no DS or DNSKEY record of the root: " + dns::zone_line(record)};
  }
  return records;
}

}  // namespace dcv::resolve
