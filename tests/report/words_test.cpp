// Times, shares and harmless text.
#include "report/words.h"

#include "support/catch.h"

using namespace dcv::report;

TEST_CASE("text without danger stays as it is") {
  CHECK(printable("café → \"x\" <b> 文") == "café → \"x\" <b> 文");
}

TEST_CASE("control bytes, bidirectional controls and broken UTF-8 are escaped") {
  CHECK(printable(std::string("a\0b", 3)) == "a\\000b");
  CHECK(printable("\x1b[31m\n\x7f") == "\\027[31m\\010\\127");
  CHECK(printable("\xc2\x85") == "\\194\\133");
  CHECK(printable("\xe2\x80\xae") == "\\226\\128\\174");
  CHECK(printable("\xe2\x80\xa8") == "\\226\\128\\168");
  CHECK(printable("\xff\xc0\xaf\xed\xa0\x80") == "\\255\\192\\175\\237\\160\\128");
  CHECK(printable("x\xe2\x80") == "x\\226\\128");
  CHECK(printable("\xf4\x90\x80\x80") == "\\244\\144\\128\\128");
}

TEST_CASE("times are RFC 3339 in UTC, whatever a file says") {
  CHECK(rfc3339(1790000000) == "2026-09-21T14:13:20Z");
  CHECK(rfc3339_precise(1790000000.9996) == "2026-09-21T14:13:21.000Z");
  CHECK(rfc3339_precise(0.5) == "1970-01-01T00:00:00.500Z");
  CHECK(rfc3339(-1e300) == "1970-01-01T00:00:00Z");
  CHECK(rfc3339(1e300) == "9999-12-31T23:59:59Z");
}

TEST_CASE("a share is never rounded to certainty") {
  CHECK(percent(0) == "0 %");
  CHECK(percent(0.001) == "1 %");
  CHECK(percent(0.5625) == "56 %");
  CHECK(percent(0.999) == "99 %");
  CHECK(percent(1) == "100 %");
}

TEST_CASE("durations are told in at most two units, rounded up") {
  CHECK(duration(0.2) == "1 s");
  CHECK(duration(59.5) == "1 min");
  CHECK(duration(90) == "1 min 30 s");
  CHECK(duration(7200) == "2 h");
  CHECK(duration(5460) == "1 h 31 min");
  CHECK(duration(90000) == "1 d 1 h");
}

TEST_CASE("counts agree with their noun") {
  CHECK(counted(1, "server") == "1 server");
  CHECK(counted(0, "server") == "0 servers");
  CHECK(counted(2, "address") == "2 addresses");
  CHECK(counted(1, "address") == "1 address");
}

TEST_CASE("numbers are rounded half away from zero in every format") {
  CHECK(fixed(0.15625, 4) == "0.1563");
  CHECK(rounded(0.15625, 4) == 0.1563);
  CHECK(fixed(2.5, 0) == "3");
  CHECK(fixed(1e300, 2).substr(0, 3) == "100");
}

TEST_CASE("sentences are folded at blanks, and only there") {
  CHECK(folded("one two three", 0, 0, 2) == "one two three");
  CHECK(folded("one two three", 13, 0, 2) == "one two three");
  CHECK(folded("one two three", 12, 0, 2) == "one two\n  three");
  CHECK(folded("one two three", 9, 2, 2) == "one two\n  three");
  CHECK(folded("one two three", 8, 2, 2) == "one\n  two\n  three");
  CHECK(folded("a-word-that-is-too-long b", 10, 0, 2) == "a-word-that-is-too-long\n  b");
  CHECK(folded(": größer ist", 10, 5, 2) == ":\n  größer\n  ist");
  CHECK(folded("", 10, 5, 2).empty());
}

TEST_CASE("names lose their final dot in prose, the root keeps it") {
  CHECK(without_dot("shop.example.") == "shop.example");
  CHECK(without_dot("shop.example") == "shop.example");
  CHECK(without_dot(".") == ".");
  CHECK(without_dot("").empty());
}

TEST_CASE("what a server said is told without the type that was asked for") {
  const auto told = [](std::string question, std::string saw) {
    return std::string(seen({"", std::move(question), std::move(saw), 0}));
  };
  CHECK(told("a.example. TXT", "TXT \"x\" (TTL 60)") == "\"x\" (TTL 60)");
  CHECK(told("a.example. TXT", "CNAME → b.example. (TTL 60)") == "CNAME → b.example. (TTL 60)");
  CHECK(told("a.example. A", "AAAA ::1") == "AAAA ::1");
  CHECK(told("a.example. TXT", "TXT") == "TXT");
  CHECK(told("", "TXT") == "TXT");
}
