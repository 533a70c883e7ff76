// Any bytes as a name: presentation form, labels, and what users type as a name to certify.

#include "dns/name.h"

#include "dns/bytes.h"
#include "dns/identifier.h"
#include "dns/public_suffix.h"
#include "fuzz/input.h"
#include "fuzz/message_use.h"
#include "rules/url.h"

using namespace dcv;

namespace {

void check(const dns::Name& name) {
  fuzz::require(name.wire().size() <= 255, "a name is not longer than 255 bytes");
  fuzz::require(fuzz::is_printable(name.text()), "the text of a name is safe to print");
  const Result<dns::Name> again = dns::Name::parse(name.text());
  fuzz::require(again && again->same_case(name), "the text of a name reads as the name");
  dns::Cursor cursor(name.wire());
  const dns::Name from_wire = dns::Cursor(std::string(name.wire())).name();
  fuzz::require(from_wire.same_case(name), "the wire form of a name reads as the name");
  fuzz::require(name.is_within(name.parent()), "a name lies in its parent");
  fuzz::require(name.lower() == name, "letter case makes no difference");
}

void check_pair(const dns::Name& one, const dns::Name& other) {
  const dns::Name common = dns::common_ancestor(one, other);
  fuzz::require(one.is_within(common) && other.is_within(common), "both lie in what they share");
  fuzz::require((one == other) == ((one <=> other) == 0), "order and equality agree");
  const Result<dns::Name> joined = one.joined(other);
  if (joined) check(*joined);
}

void read_as_user_input(std::string_view text) {
  const Result<dns::Identifier> identifier = dns::parse_identifier(text);
  if (identifier) {
    check(identifier->name);
    fuzz::ignore(dns::acme_challenge_name(*identifier));
    dns::registrable_domain(identifier->name);
  }
  const Result<dns::Name> owner = dns::parse_owner(text);
  if (owner) dns::host_of(*owner);
  const Result<rules::Url> url = rules::parse_url(text);
  if (!url) return;
  url->name();
  url->address();
  fuzz::require(rules::resolve_location(*url, text).operator bool(), "a URL leads somewhere");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts(fuzz::text_of(data, size));
  const std::string_view first = parts.block();
  const std::string_view second = parts.rest();
  const Result<dns::Name> one = dns::Name::parse(first);
  const Result<dns::Name> other = dns::Name::parse(second);
  if (one) check(*one);
  if (one && other) check_pair(*one, *other);
  dns::Cursor cursor(second);
  const std::optional<dns::Name> compressed = cursor.compressed_name();
  if (compressed) check(*compressed);
  const dns::Name plain = dns::Cursor(second).name();
  check(plain);
  read_as_user_input(first);
  return 0;
}
