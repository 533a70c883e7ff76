// The examples of the guidelines, and what is no range.
#include "range.h"

#include "support/catch.h"

using dcv::probes::parse_range;

namespace {

// The values of -1, 0, 5, 10, 15, 20 and 21 that alert.
std::string alerting(const std::string& text) {
  const auto range = parse_range(text);
  REQUIRE(range);
  CHECK(range->text == text);
  std::string values;
  for (const int value : {-1, 0, 5, 10, 15, 20, 21}) {
    if (alerts(*range, value)) values += std::to_string(value) + " ";
  }
  return values;
}

}  // namespace

TEST_CASE("a range alerts outside of its ends, which belong to it") {
  CHECK(alerting("10") == "-1 15 20 21 ");
  CHECK(alerting("10:") == "-1 0 5 ");
  CHECK(alerting("~:10") == "15 20 21 ");
  CHECK(alerting("10:20") == "-1 0 5 21 ");
  CHECK(alerting("0:0") == "-1 5 10 15 20 21 ");
  CHECK(alerting("-1:5") == "10 15 20 21 ");
  CHECK(alerting("~:") == "");
}

TEST_CASE("a range with an at sign alerts inside, ends included") {
  CHECK(alerting("@10:20") == "10 15 20 ");
  CHECK(alerting("@10") == "0 5 10 ");
  CHECK(alerting("@~:0") == "-1 0 ");
  CHECK(alerting("@20:") == "20 21 ");
}

TEST_CASE("fractions are numbers") {
  const auto range = parse_range("0.25:.75");
  REQUIRE(range);
  CHECK_FALSE(alerts(*range, 0.25));
  CHECK_FALSE(alerts(*range, 0.75));
  CHECK(alerts(*range, 0.76));
}

TEST_CASE("what is no range says why") {
  CHECK(parse_range("").error() == "it has no number");
  CHECK(parse_range("@").error() == "it has no number");
  CHECK(parse_range("20:10").error() == "it ends before it starts");
  CHECK(parse_range(":10").error() == "its start is no number and no ~");
  CHECK(parse_range("ten:20").error() == "its start is no number and no ~");
  CHECK(parse_range("10:~").error() == "its end is no number");
  for (const char* text : {"1e3", "inf", "nan", "10s", "1:2:3", " 5", "5 ", "0x10", "1,5", "+5"})
    CHECK(parse_range(text).error() == "its end is no number");
}
