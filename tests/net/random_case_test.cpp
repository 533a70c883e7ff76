#include "net/random_case.h"

#include <set>

#include "net/random.h"
#include "support/catch.h"

using namespace dcv;
using dns::Name;

TEST_CASE("bits choose the case of letters, and of letters only") {
  const Name name = Name::of("_ab-1.cD.\\200e.org");
  CHECK(net::mix_case(name, std::string(1, '\0')).text() == "_ab-1.cd.\\200e.org.");
  CHECK(net::mix_case(name, "\xff").text() == "_AB-1.CD.\\200E.ORG.");
  CHECK(net::mix_case(name, "\x05").text() == "_Ab-1.Cd.\\200e.org.");
  CHECK(net::mix_case(Name(), "\xff").is_root());
}

TEST_CASE("random case differs from time to time and never changes the name") {
  const Name name = Name::of("_acme-challenge.www.example.org");
  std::set<std::string> seen;
  for (int i = 0; i < 20; ++i) {
    const Name mixed = net::mix_case(name);
    CHECK(mixed == name);
    seen.insert(mixed.text());
  }
  CHECK(seen.size() > 15);
}

TEST_CASE("letter case is judged only where it can be lost") {
  dns::Question sent{Name::of("ExAmple.org"), dns::RecordType::txt};
  dns::Message reply;
  CHECK(net::letter_case(sent, reply) == observe::CaseSupport::unknown);
  reply.question = sent;
  CHECK(net::letter_case(sent, reply) == observe::CaseSupport::kept);
  reply.question->name = sent.name.lower();
  CHECK(net::letter_case(sent, reply) == observe::CaseSupport::changed);
  sent.name = sent.name.lower();
  CHECK(net::letter_case(sent, reply) == observe::CaseSupport::unknown);
}

TEST_CASE("random bytes come in the count asked for and are not all the same") {
  CHECK(net::random_bytes(0).empty());
  const std::string bytes = net::random_bytes(64);
  CHECK(bytes.size() == 64);
  CHECK(std::set<char>(bytes.begin(), bytes.end()).size() > 8);
}
