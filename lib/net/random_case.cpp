// Mixing and checking of letter case.

#include "net/random_case.h"

#include "net/random.h"

namespace dcv::net {
namespace {

constexpr std::size_t kLongestName = 255;  // bytes in wire form

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

dns::Name mix_case(const dns::Name& name, std::string_view bits) {
  std::vector<std::string> labels = name.labels();
  std::size_t letter = 0;
  for (std::string& label : labels) {
    for (char& c : label) {
      if (!is_letter(c)) continue;
      const char byte = bits[letter / 8 % bits.size()];
      const bool upper = (byte >> (letter % 8) & 1) != 0;
      c = static_cast<char>(upper ? c & ~0x20 : c | 0x20);
      ++letter;
    }
  }
  return dns::Name::from_labels(std::move(labels)).value();
}

dns::Name mix_case(const dns::Name& name) {
  return mix_case(name, random_bytes(kLongestName / 8 + 1));
}

observe::CaseSupport letter_case(const dns::Question& sent, const dns::Message& reply) {
  if (!reply.question || sent.name.same_case(sent.name.lower())) {
    return observe::CaseSupport::unknown;
  }
  return reply.question->name.same_case(sent.name) ? observe::CaseSupport::kept
                                                   : observe::CaseSupport::changed;
}

}  // namespace dcv::net
