// Reads the SOA that each address gave at the apex.
#include "check/copies.h"

namespace dcv::check {

std::map<dns::IpAddress, Copy> copies_of(const Case& test, const dns::Name& apex) {
  std::map<dns::IpAddress, Copy> copies;
  for (const observe::Exchange* exchange :
       test.select({.zone = &apex, .name = &apex, .purpose = observe::Purpose::zone_soa})) {
    if (!exchange->reply) continue;
    const auto record = dns::soa_record_in(*exchange->reply);
    if (!record || record->owner != apex) continue;
    if (const auto soa = dns::as_soa(*record)) copies[exchange->address] = {exchange, *soa};
  }
  return copies;
}

bool is_newer_serial(std::uint32_t a, std::uint32_t b) {
  return a != b && a - b < 0x80000000U;
}

}  // namespace dcv::check
