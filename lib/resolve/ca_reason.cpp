// Unbound's words for a failed validation, and the codes that it sends with them.
#include "resolve/ca_reason.h"

#include <iterator>

namespace dcv::resolve {
namespace {

// The library gives the words, a CA's Unbound sends the code too. The first that fits counts.
constexpr struct {
  std::string_view words;
  int code;  // RFC 8914 4
} kReasons[] = {
    {"signature expired", 7},  {"signature before inception date", 8},
    {"No DNSKEY record", 9},   {"no DNSKEY rrset", 9},
    {"no signatures", 10},     {"signature missing", 10},
    {"no DNSSEC records", 10}, {"dnskey without ZSK flag", 11},
    {"no NSEC3 records", 12},
};

constexpr int kBogus = 6;

}  // namespace

int extended_error_of(std::string_view reason) {
  for (const auto& each : kReasons)
    if (reason.find(each.words) != std::string_view::npos) return each.code;
  return kBogus;
}

}  // namespace dcv::resolve
