// The root's keys, built in and from files.
#include "resolve/trust_anchors.h"

#include "support/catch.h"

using namespace dcv;

TEST_CASE("both keys of the root are built in") {
  const std::vector<dns::Record> anchors = resolve::builtin_trust_anchors();
  REQUIRE(anchors.size() == 2);
  CHECK(dns::as_ds(anchors[0])->key_tag == 20326);
  CHECK(dns::as_ds(anchors[1])->key_tag == 38696);
  for (const dns::Record& anchor : anchors) {
    CHECK(anchor.owner.is_root());
    CHECK(dns::as_ds(anchor)->digest.size() == 32);
  }
}

TEST_CASE("trust anchors are DS or DNSKEY lines of the root") {
  const auto anchors = resolve::parse_trust_anchors(
      "; the lab's root\n"
      ".  86400 IN DNSKEY 257 3 13 "
      "mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==\n"
      ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n");
  if (!anchors) FAIL(anchors.error());
  REQUIRE(anchors->size() == 2);
  CHECK(dns::as_dnskey((*anchors)[0])->flags == 257);
  CHECK(dns::as_ds((*anchors)[1])->key_tag == 20326);
}

TEST_CASE("a file without trust anchors is one by which nothing is validated") {
  CHECK(resolve::parse_trust_anchors("; nothing\n").value().empty());
}

TEST_CASE("what is no trust anchor is refused in plain words") {
  const auto error = [](const std::string& text) {
    return resolve::parse_trust_anchors(text).error();
  };
  CHECK(error("example. 60 IN DS 1 8 2 " + std::string(64, 'A') + "\n") ==
        "no DS or DNSKEY record of the root: example. 60 IN DS 1 8 2 " + std::string(64, 'A'));
  CHECK(error(". 60 IN NS a.example.\n") ==
        "no DS or DNSKEY record of the root: . 60 IN NS a.example.");
  CHECK(error(". 60 IN DS what\n").find("line 1") != std::string::npos);
}
