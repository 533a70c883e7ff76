#pragma once
// Which copy of a zone each of its addresses has, going by the SOA serial.

#include <cstdint>
#include <map>

#include "check/family.h"

namespace dcv::check {

struct Copy {
  const observe::Exchange* exchange = nullptr;  // that shows the SOA
  dns::Soa soa;
};

// By address; those that did not give the zone's SOA are left out.
std::map<dns::IpAddress, Copy> copies_of(const Case& test, const dns::Name& apex);

bool is_newer_serial(std::uint32_t a, std::uint32_t b);  // than b, by RFC 1982

}  // namespace dcv::check
