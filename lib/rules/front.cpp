// The table of fronts.
#include "rules/front.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace dcv::rules {
namespace {

using Words = std::string_view;

constexpr Words kCloudflareAliases[] = {"cdn.cloudflare.net"};
constexpr Words kCloudflareNames[] = {"cloudflaressl.com"};
// https://www.cloudflare.com/ips/
constexpr Words kCloudflareBlocks[] = {
    "173.245.48.0/20",  "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22",    "141.101.64.0/18",
    "108.162.192.0/18", "190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17",
    "162.158.0.0/15",   "104.16.0.0/13",   "104.24.0.0/14",   "172.64.0.0/13",    "131.0.72.0/22",
    "2400:cb00::/32",   "2606:4700::/32",  "2803:f800::/32",  "2405:b500::/32",   "2405:8100::/32",
    "2a06:98c0::/29",   "2c0f:f248::/32"};
constexpr Words kCloudFront[] = {"cloudfront.net"};
constexpr Words kFastlyAliases[] = {"fastly.net", "fastlylb.net"};
constexpr Words kFastlyNames[] = {"fastly.net", "fastly.com"};
// https://api.fastly.com/public-ip-list
constexpr Words kFastlyBlocks[] = {"151.101.0.0/16", "199.232.0.0/16", "146.75.0.0/17",
                                   "2a04:4e40::/32", "2a04:4e42::/32"};
constexpr Words kAkamaiAliases[] = {"edgekey.net", "edgesuite.net", "akamaiedge.net", "akamai.net",
                                    "akamaized.net"};
constexpr Words kAkamaiNames[] = {"akamai.net", "akamaized.net", "akamaihd.net"};
constexpr Words kAzure[] = {"azurefd.net", "azureedge.net"};
constexpr Words kImperva[] = {"impervadns.net", "incapdns.net"};
constexpr Words kImpervaNames[] = {"imperva.com", "incapsula.com"};
constexpr Words kVercelAliases[] = {"vercel-dns.com", "vercel.app"};
constexpr Words kVercelNames[] = {"vercel.app", "vercel-infra.com"};
constexpr Words kNetlify[] = {"netlify.app", "netlify.com"};
constexpr Words kBunny[] = {"b-cdn.net"};

constexpr std::array kFronts = {
    Front{"Cloudflare", kCloudflareAliases, kCloudflareNames, kCloudflareBlocks},
    Front{"Amazon CloudFront", kCloudFront, kCloudFront, {}},
    Front{"Fastly", kFastlyAliases, kFastlyNames, kFastlyBlocks},
    Front{"Akamai", kAkamaiAliases, kAkamaiNames, {}},
    Front{"Azure Front Door", kAzure, kAzure, {}},
    Front{"Imperva", kImperva, kImpervaNames, {}},
    Front{"Vercel", kVercelAliases, kVercelNames, {}},
    Front{"Netlify", kNetlify, kNetlify, {}},
    Front{"bunny.net", kBunny, kBunny, {}},
};

bool is_at_or_below(const dns::Name& name, std::span<const Words> tails) {
  return std::ranges::any_of(tails,
                             [&](Words tail) { return name.is_within(dns::Name::of(tail)); });
}

bool is_in_block(const dns::IpAddress& address, Words block) {
  const std::size_t slash = block.find('/');
  const dns::IpAddress base = dns::IpAddress::of(block.substr(0, slash));
  if (base.is_v4() != address.is_v4()) return false;
  std::size_t bits = 0;
  std::from_chars(block.data() + slash + 1, block.data() + block.size(), bits);
  for (std::size_t bit = 0; bit < bits; ++bit) {
    const int mask = 0x80 >> bit % 8;
    if (((base.bytes()[bit / 8] ^ address.bytes()[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

template <typename Fits>
const Front* first_that(Fits fits) {
  const auto found = std::ranges::find_if(kFronts, fits);
  return found == kFronts.end() ? nullptr : &*found;
}

}  // namespace

const Front* front_of_alias(const dns::Name& target) {
  return first_that([&](const Front& each) { return is_at_or_below(target, each.alias_tails); });
}

const Front* front_of_certificate(Words dns_name) {
  if (dns_name.starts_with("*.")) dns_name.remove_prefix(2);
  const Result<dns::Name> name = dns::Name::parse(dns_name);
  if (!name) return nullptr;
  return first_that([&](const Front& each) { return is_at_or_below(*name, each.certified); });
}

const Front* front_of_address(const dns::IpAddress& address) {
  return first_that([&](const Front& each) {
    return std::ranges::any_of(each.blocks,
                               [&](Words block) { return is_in_block(address, block); });
  });
}

}  // namespace dcv::rules
