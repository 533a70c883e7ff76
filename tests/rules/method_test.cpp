// Methods and the labels that stand for them in CAA.
#include "rules/method.h"

#include "support/catch.h"

using namespace dcv::rules;

TEST_CASE("each method has its label first among those that stand for it") {
  for (const Method method : kMethods) {
    INFO(text(method));
    REQUIRE_FALSE(caa_labels(method).empty());
    CHECK(caa_labels(method).front() == caa_label(method));
    for (const std::string_view label : caa_labels(method)) CHECK_FALSE(label.empty());
  }
}

TEST_CASE("a method's general label ends as its section does") {
  for (const Method method : kMethods) {
    const std::string_view where = section(method);
    const std::string general = "ca-tbr-" + std::string(where.substr(where.rfind('.') + 1));
    INFO(text(method));
    bool there = false;
    for (const std::string_view label : caa_labels(method)) there = there || label == general;
    CHECK(there);
  }
}

TEST_CASE("e-mail stands for three ways, a CA's token for one") {
  CHECK(caa_labels(Method::email).size() == 3);
  CHECK(caa_labels(Method::dns_txt).size() == 1);
  CHECK(caa_labels(Method::dns_01).size() == 2);
}
