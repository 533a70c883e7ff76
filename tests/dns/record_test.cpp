// Records: makers, views and presentation form.

#include "dns/record.h"

#include "support/catch.h"

using namespace dcv::dns;

namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string result;
  for (int value : values) result += static_cast<char>(value);
  return result;
}

Record with_rdata(RecordType type, std::string rdata) {
  Record record = make_txt(Name::of("shop.example"), 60, "");
  record.type = type;
  record.rdata = std::move(rdata);
  return record;
}

}  // namespace

TEST_CASE("a TXT value longer than 255 bytes is split and joined again") {
  std::string value(600, 'x');
  auto record = make_txt(Name::of("a.example"), 60, value);
  auto strings = as_txt_strings(record);
  REQUIRE(strings);
  REQUIRE(strings->size() == 3);
  CHECK(strings->at(0).size() == 255);
  CHECK(strings->at(2).size() == 90);
  CHECK(as_txt(record) == value);
  CHECK(as_txt(make_txt(Name::of("a.example"), 60, "")) == "");
  CHECK(make_txt(Name::of("a.example"), 60, std::string(255, 'x')).rdata.size() == 256);
}

TEST_CASE("makers and views agree") {
  auto owner = Name::of("shop.example");
  CHECK(as_target(make_target(owner, RecordType::ns, 60, Name::of("NS1.example"))) ==
        Name::of("ns1.example"));
  CHECK(as_address(make_address(owner, 60, IpAddress::of("192.0.2.1"))) ==
        IpAddress::of("192.0.2.1"));
  auto six = make_address(owner, 60, IpAddress::of("2001:db8::1"));
  CHECK(six.type == RecordType::aaaa);
  CHECK(as_address(six) == IpAddress::of("2001:db8::1"));
  Soa soa{Name::of("ns1.example"), Name::of("host.example"), 7, 6, 5, 4, 4294967295U};
  auto view = as_soa(make_soa(owner, 60, soa));
  REQUIRE(view);
  CHECK(view->primary == soa.primary);
  CHECK(view->mailbox == soa.mailbox);
  CHECK(view->serial == 7);
  CHECK(view->expire == 4);
  CHECK(view->minimum == 4294967295U);
}

TEST_CASE("a view of another type or of malformed data is empty") {
  CHECK_FALSE(as_address(with_rdata(RecordType::a, "abc")));
  CHECK_FALSE(as_address(with_rdata(RecordType::aaaa, "abcd")));
  CHECK_FALSE(as_address(with_rdata(RecordType::txt, "abcd")));
  CHECK_FALSE(as_txt(with_rdata(RecordType::txt, bytes({5, 'a'}))));
  CHECK_FALSE(as_txt(with_rdata(RecordType::txt, "")));
  CHECK_FALSE(as_target(with_rdata(RecordType::cname, bytes({0, 0}))));
  CHECK_FALSE(as_target(with_rdata(RecordType::cname, bytes({1, 'a'}))));
  CHECK_FALSE(as_target(with_rdata(RecordType::cname, bytes({0xc0, 0x0c}))));
  CHECK_FALSE(as_soa(with_rdata(RecordType::soa, bytes({0, 0, 1}))));
  CHECK_FALSE(as_caa(with_rdata(RecordType::caa, bytes({0, 9, 'a'}))));
  CHECK_FALSE(as_caa(with_rdata(RecordType::caa, bytes({0, 0, 'a'}))));
  CHECK_FALSE(as_ds(with_rdata(RecordType::ds, "abc")));
  CHECK_FALSE(as_dnskey(with_rdata(RecordType::dnskey, "abc")));
  CHECK_FALSE(as_rrsig(with_rdata(RecordType::rrsig, std::string(18, '\x7f'))));
  CHECK_FALSE(as_nsec(with_rdata(RecordType::nsec, bytes({0, 0, 2, 1}))));
  CHECK_FALSE(as_nsec(with_rdata(RecordType::nsec, bytes({0, 0, 0}))));
  CHECK_FALSE(as_nsec3(with_rdata(RecordType::nsec3, bytes({1, 0, 0, 0, 9}))));
}

TEST_CASE("an MX view has preference and exchange, with nothing before or after them") {
  auto mx = as_mx(with_rdata(RecordType::mx, bytes({0, 10, 1, 'm', 0})));
  REQUIRE(mx);
  CHECK(mx->preference == 10);
  CHECK(mx->exchange == Name::of("m"));
  CHECK(as_mx(with_rdata(RecordType::mx, bytes({0, 0, 0})))->exchange.is_root());
  CHECK_FALSE(as_mx(with_rdata(RecordType::mx, bytes({0, 10}))));
  CHECK_FALSE(as_mx(with_rdata(RecordType::mx, bytes({0, 10, 1, 'm', 0, 0}))));
  CHECK_FALSE(as_mx(with_rdata(RecordType::ns, bytes({0, 10, 1, 'm', 0}))));
}

TEST_CASE("a CAA view has flags, tag and value") {
  auto caa = as_caa(with_rdata(RecordType::caa, bytes({128, 5, 'i', 's', 's', 'u', 'e', ';'})));
  REQUIRE(caa);
  CHECK(caa->flags == 128);
  CHECK(caa->tag == "issue");
  CHECK(caa->value == ";");
}

TEST_CASE("type bit maps are read window by window") {
  // NSEC of RFC 4034 4.3: host.example.com. A MX RRSIG NSEC TYPE1234
  std::string rdata = Name::of("host.example.com").wire() +
                      bytes({0, 6, 0x40, 1, 0, 0, 0, 3, 4, 0x1b}) + std::string(26, '\0') + " ";
  auto nsec = as_nsec(with_rdata(RecordType::nsec, rdata));
  REQUIRE(nsec);
  CHECK(nsec->next == Name::of("host.example.com"));
  CHECK(nsec->types == std::vector<RecordType>{RecordType::a, RecordType::mx, RecordType::rrsig,
                                               RecordType::nsec, static_cast<RecordType>(1234)});
  CHECK(rdata_text(with_rdata(RecordType::nsec, rdata)) ==
        "host.example.com. A MX RRSIG NSEC TYPE1234");
}

TEST_CASE("the presentation form escapes what is not safe") {
  CHECK(rdata_text(make_txt(Name(), 0, "a \"b\" \\ \x1b[31m")) == "\"a \\\"b\\\" \\\\ \\027[31m\"");
  CHECK(rdata_text(with_rdata(RecordType::txt, bytes({1, 'a', 0, 1, 'b'}))) == "\"a\" \"\" \"b\"");
  CHECK(zone_line(make_txt(Name::of("_acme-challenge.shop.example"), 60, "tok")) ==
        "_acme-challenge.shop.example. 60 IN TXT \"tok\"");
  CHECK(rdata_text(with_rdata(RecordType::caa, bytes({0, 2, 'a', ' ', ';'}))) ==
        "\\# 5 000261203B");
}

TEST_CASE("data that does not fit its type, and unknown types, are shown as RFC 3597 asks") {
  CHECK(rdata_text(with_rdata(RecordType::a, "abc")) == "\\# 3 616263");
  CHECK(rdata_text(with_rdata(static_cast<RecordType>(65280), "")) == "\\# 0");
  CHECK(rdata_text(with_rdata(RecordType::mx, "a")) == "\\# 1 61");
  CHECK(rdata_text(with_rdata(RecordType::mx, bytes({0, 10, 0}))) == "10 .");
  CHECK(rdata_text(with_rdata(RecordType::nsec3param, bytes({1, 0, 0, 5, 2, 0xab, 0xcd}))) ==
        "1 0 5 ABCD");
  CHECK(rdata_text(with_rdata(RecordType::nsec3param, bytes({1, 0, 0, 0, 0}))) == "1 0 0 -");
}
