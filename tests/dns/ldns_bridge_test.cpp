// Records to ldns and back.

#include "dns/ldns_bridge.h"

#include "support/catch.h"

using namespace dcv::dns;

TEST_CASE("a record survives the way through ldns with its case") {
  auto record = make_target(Name::of("A.Shop.example"), RecordType::cname, 0,
                            Name::of("\\000x.Other.Example"));
  auto there = to_ldns(record);
  REQUIRE(there);
  auto back = from_ldns(there.get());
  REQUIRE(back);
  CHECK(*back == record);
  CHECK(back->owner.same_case(record.owner));
  CHECK(back->rdata == record.rdata);
}

TEST_CASE("unknown types go through ldns, malformed data does not") {
  Record record = make_txt(Name::of("a.example"), 60, "x");
  record.type = static_cast<RecordType>(65280);
  auto there = to_ldns(record);
  REQUIRE(there);
  CHECK(from_ldns(there.get()) == record);
  record.type = RecordType::a;
  CHECK_FALSE(to_ldns(record));
}
