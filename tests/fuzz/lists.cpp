// Any bytes as the lists that users give: resolvers, root hints, trust anchors, zone files.

#include "dns/zone_file.h"
#include "fuzz/input.h"
#include "fuzz/message_use.h"
#include "resolve/resolver_list.h"
#include "resolve/root_hints.h"
#include "resolve/trust_anchors.h"

using namespace dcv;

namespace {

Result<dns::IpAddress> look_up(const std::string& host) {
  if (host.size() % 2 == 0) return Error{host + " has no address"};
  return dns::IpAddress::of("192.0.2.1");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  const auto list = resolve::parse_resolver_list(text, resolve::shipped_resolvers(), look_up);
  if (list) {
    for (const resolve::ListedResolver& listed : *list)
      fuzz::require(!listed.endpoints.empty(), "each resolver of a list has an endpoint");
    resolve::over(*list, std::nullopt);
    fuzz::ignore(resolve::choose_resolvers({"@all", "tls://@core"}, *list, look_up));
    resolve::encrypted_ways(resolve::over(*list, observe::Transport::udp), *list);
  }
  fuzz::ignore(resolve::choose_resolvers({text}, resolve::shipped_resolvers(), look_up));
  resolve::system_resolvers(text);
  fuzz::ignore(resolve::parse_root_hints(text));
  fuzz::ignore(resolve::parse_trust_anchors(text));
  const auto zone = dns::parse_zone(text, dns::Name::of("shop.example"));
  if (!zone) return 0;
  for (const dns::Record& record : *zone) {
    fuzz::use(record);
    if (record.owner.text().size() > dns::kLongestOwner) continue;
    const auto again = dns::parse_record(dns::zone_line(record), dns::Name());
    fuzz::require(static_cast<bool>(again), "a zone line that was written can be read");
  }
  return 0;
}
