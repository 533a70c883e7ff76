// The words of the enumerations and the sharing of blame.
#include <set>

#include "observe/sight.h"
#include "support/catch.h"

using namespace dcv::observe;

namespace {

template <typename Enum>
std::set<std::string_view> words(Enum last) {
  std::set<std::string_view> found;
  for (int i = 0; i <= static_cast<int>(last); ++i) found.insert(text(static_cast<Enum>(i)));
  return found;
}

}  // namespace

TEST_CASE("every value has a word of its own") {
  CHECK(words(Purpose::identity).size() == 21);
  CHECK(words(Transport::https) == std::set<std::string_view>{"udp", "tcp", "tls", "https"});
  CHECK(words(Outcome::not_asked).size() == 9);
  CHECK(words(EdnsSupport::unknown).size() == 5);
  CHECK(words(CaseSupport::unknown).size() == 3);
  CHECK(words(HostState::circular).size() == 7);
  CHECK(words(StepEnd::limit).size() == 7);
  CHECK(words(Sight::not_asked).size() == 8);
  CHECK(words(Purpose::identity).count("") == 0);
  CHECK(text(Outcome::not_asked) == "not_asked");
  CHECK(text(StepEnd::no_usable_reply) == "no_usable_reply");
}

TEST_CASE("only what the server did or failed to do is blamed on it") {
  const auto blamed = [](Outcome outcome) {
    Exchange exchange;
    exchange.outcome = outcome;
    return blames_server(exchange);
  };
  CHECK(blamed(Outcome::timeout));
  CHECK(blamed(Outcome::refused));
  CHECK(blamed(Outcome::closed));
  CHECK(blamed(Outcome::malformed));
  CHECK(blamed(Outcome::tls_failed));
  CHECK(blamed(Outcome::http_failed));
  CHECK_FALSE(blamed(Outcome::reply));
  CHECK_FALSE(blamed(Outcome::unreachable));
  CHECK_FALSE(blamed(Outcome::not_asked));
}
