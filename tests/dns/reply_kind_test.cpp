// What replies of authorities mean.

#include "dns/reply_kind.h"

#include "support/catch.h"

using namespace dcv::dns;

namespace {

const Name kZone = Name::of("shop.example");
const Name kName = Name::of("_acme-challenge.app.shop.example");
const Question kQuestion{kName, RecordType::txt, kClassIn};

Message authoritative(Rcode rcode = Rcode::noerror) {
  Message message;
  message.response = message.authoritative = true;
  message.rcode = rcode;
  message.question = kQuestion;
  return message;
}

Message with_answer(std::vector<Record> answer) {
  auto message = authoritative();
  message.answer = std::move(answer);
  return message;
}

Record soa(const char* owner) {
  Soa soa;
  soa.primary = Name::of("ns1.shop.example");
  soa.mailbox = Name::of("host.shop.example");
  return make_soa(Name::of(owner), 300, soa);
}

Record ns(const char* owner) {
  return make_target(Name::of(owner), RecordType::ns, 300, Name::of("ns1.shop.example"));
}

Record cname(const Name& owner, const char* target) {
  return make_target(owner, RecordType::cname, 300, Name::of(target));
}

Message negative(Rcode rcode, const char* soa_owner) {
  auto message = authoritative(rcode);
  message.authority = {soa(soa_owner)};
  return message;
}

Message referral(const char* cut, bool aa = false) {
  auto message = authoritative();
  message.authoritative = aa;
  message.authority = {ns(cut)};
  return message;
}

ReplyKind kind_of(const Message& message, const Question& question = kQuestion) {
  return classify(message, question, kZone);
}

Question asking(RecordType type) {
  return Question{kName, type, kClassIn};
}

}  // namespace

TEST_CASE("data of the type at the name is an answer, whatever its case") {
  CHECK(kind_of(with_answer({make_txt(kName, 60, "x")})) == ReplyKind::answer);
  CHECK(kind_of(with_answer({make_txt(Name::of("_ACME-challenge.App.shop.EXAMPLE"), 60, "x")})) ==
        ReplyKind::answer);
  CHECK(kind_of(with_answer({make_txt(kName, 60, "x")}), asking(RecordType::any)) ==
        ReplyKind::answer);
}

TEST_CASE("an answer for another name, type or class is none") {
  CHECK(kind_of(with_answer({make_txt(kZone, 60, "x")})) == ReplyKind::nodata_without_soa);
  CHECK(kind_of(with_answer({make_target(kName, RecordType::ns, 60, kZone)})) ==
        ReplyKind::nodata_without_soa);
  auto chaos = make_txt(kName, 60, "x");
  chaos.record_class = 3;
  CHECK(kind_of(with_answer({chaos})) == ReplyKind::nodata_without_soa);
}

TEST_CASE("an alias wins over what it leads to, unless aliases are asked for") {
  auto alias = cname(kName, "token.acme.example");
  CHECK(kind_of(with_answer({alias})) == ReplyKind::alias);
  auto chain = with_answer({alias, make_txt(Name::of("token.acme.example"), 60, "x")});
  CHECK(kind_of(chain) == ReplyKind::alias);
  CHECK(kind_of(with_answer({alias, make_txt(kName, 60, "x")})) == ReplyKind::alias);
  CHECK(kind_of(with_answer({alias}), asking(RecordType::cname)) == ReplyKind::answer);
  CHECK(kind_of(with_answer({alias}), asking(RecordType::any)) == ReplyKind::answer);
  auto dangling = with_answer({alias});
  dangling.rcode = Rcode::nxdomain;
  dangling.authority = {soa("acme.example")};
  CHECK(kind_of(dangling) == ReplyKind::alias);
}

TEST_CASE("a DNAME above the name is an alias with the substituted target") {
  auto dname =
      make_target(Name::of("app.shop.example"), RecordType::dname, 77, Name::of("other.example"));
  auto synthesised = cname(kName, "_acme-challenge.other.example");
  for (const auto& message : {with_answer({dname}), with_answer({synthesised, dname})}) {
    CHECK(kind_of(message) == ReplyKind::alias);
    auto hop = alias_at(message, kName);
    REQUIRE(hop);
    CHECK(hop->dname);
    CHECK(hop->owner == Name::of("app.shop.example"));
    CHECK(hop->target == Name::of("_acme-challenge.other.example"));
    CHECK(hop->ttl == 77);
  }
  auto at_name = with_answer({make_target(kName, RecordType::dname, 60, Name::of("x.example"))});
  CHECK_FALSE(alias_at(at_name, kName));
  CHECK(kind_of(at_name, asking(RecordType::dname)) == ReplyKind::answer);
}

TEST_CASE("a DNAME whose substitution is too long is no hop") {
  auto long_target = Name::from_labels(std::vector<std::string>(4, std::string(60, 'x')));
  REQUIRE(long_target);
  auto message =
      with_answer({make_target(Name::of("shop.example"), RecordType::dname, 60, *long_target)});
  CHECK_FALSE(alias_at(message, kName));
}

TEST_CASE("the hop of a CNAME") {
  auto hop = alias_at(with_answer({cname(kName, "token.acme.example")}), kName);
  REQUIRE(hop);
  CHECK_FALSE(hop->dname);
  CHECK(hop->owner == kName);
  CHECK(hop->target == Name::of("token.acme.example"));
  CHECK(hop->ttl == 300);
  CHECK_FALSE(alias_at(with_answer({cname(kZone, "token.acme.example")}), kName));
}

TEST_CASE("negative answers need the SOA of the zone or of one between it and the name") {
  CHECK(kind_of(negative(Rcode::noerror, "shop.example")) == ReplyKind::nodata);
  CHECK(kind_of(negative(Rcode::nxdomain, "SHOP.example")) == ReplyKind::nxdomain);
  CHECK(kind_of(negative(Rcode::noerror, "app.shop.example")) == ReplyKind::nodata);
  CHECK(kind_of(negative(Rcode::nxdomain, "example")) == ReplyKind::wrong_zone);
  CHECK(kind_of(negative(Rcode::noerror, ".")) == ReplyKind::wrong_zone);
  CHECK(kind_of(negative(Rcode::noerror, "other.example")) == ReplyKind::wrong_zone);
  CHECK(kind_of(negative(Rcode::noerror, "www.shop.example")) == ReplyKind::wrong_zone);
  CHECK(kind_of(authoritative()) == ReplyKind::nodata_without_soa);
  CHECK(kind_of(authoritative(Rcode::nxdomain)) == ReplyKind::nxdomain_without_soa);
}

TEST_CASE("an SOA record in the answer section denies only where one was asked for") {
  auto misplaced = authoritative(Rcode::nxdomain);
  misplaced.answer = {soa("shop.example")};
  CHECK(kind_of(misplaced) == ReplyKind::nxdomain_without_soa);
  CHECK(kind_of(misplaced, {kName, RecordType::soa, kClassIn}) == ReplyKind::nxdomain);
  misplaced.rcode = Rcode::noerror;
  CHECK(kind_of(misplaced) == ReplyKind::nodata_without_soa);
}

TEST_CASE("referrals lead down, up or sideways") {
  CHECK(kind_of(referral("app.shop.example")) == ReplyKind::referral);
  CHECK(kind_of(referral("_acme-challenge.app.shop.example")) == ReplyKind::referral);
  CHECK(kind_of(referral("shop.example")) == ReplyKind::upward_referral);
  CHECK(kind_of(referral("example")) == ReplyKind::upward_referral);
  CHECK(kind_of(referral(".")) == ReplyKind::upward_referral);
  CHECK(kind_of(referral("other.example")) == ReplyKind::sideways_referral);
  CHECK(kind_of(referral("www.shop.example")) == ReplyKind::sideways_referral);
  CHECK(referral_target(referral("app.shop.example")) == Name::of("app.shop.example"));
}

TEST_CASE("a referral downwards counts with AA set, others are then empty answers") {
  CHECK(kind_of(referral("app.shop.example", true)) == ReplyKind::referral);
  CHECK(kind_of(referral("shop.example", true)) == ReplyKind::nodata_without_soa);
  auto denied = referral("app.shop.example", true);
  denied.rcode = Rcode::nxdomain;
  CHECK(kind_of(denied) == ReplyKind::nxdomain_without_soa);
}

TEST_CASE("without AA, data and denials are second-hand") {
  auto off = [](Message message) {
    message.authoritative = false;
    return message;
  };
  CHECK(kind_of(off(with_answer({make_txt(kName, 60, "x")}))) == ReplyKind::not_authoritative);
  CHECK(kind_of(off(with_answer({cname(kName, "a.example")}))) == ReplyKind::not_authoritative);
  CHECK(kind_of(off(negative(Rcode::noerror, "shop.example"))) == ReplyKind::not_authoritative);
  CHECK(kind_of(off(negative(Rcode::nxdomain, "shop.example"))) == ReplyKind::not_authoritative);
  CHECK(kind_of(off(authoritative())) == ReplyKind::not_authoritative);
  auto denied = referral("app.shop.example");
  denied.rcode = Rcode::nxdomain;
  CHECK(kind_of(denied) == ReplyKind::not_authoritative);
  auto both = referral("app.shop.example");
  both.authority.push_back(soa("shop.example"));
  CHECK(kind_of(both) == ReplyKind::not_authoritative);
  CHECK_FALSE(referral_target(both));
}

TEST_CASE("errors have kinds of their own") {
  CHECK(kind_of(authoritative(Rcode::refused)) == ReplyKind::refused);
  CHECK(kind_of(authoritative(Rcode::notauth)) == ReplyKind::refused);
  CHECK(kind_of(authoritative(Rcode::servfail)) == ReplyKind::servfail);
  CHECK(kind_of(authoritative(Rcode::notimp)) == ReplyKind::not_implemented);
  CHECK(kind_of(authoritative(Rcode::formerr)) == ReplyKind::format_error);
  CHECK(kind_of(authoritative(Rcode::yxdomain)) == ReplyKind::other_error);
  auto with_data = with_answer({make_txt(kName, 60, "x")});
  with_data.rcode = Rcode::servfail;
  CHECK(kind_of(with_data) == ReplyKind::servfail);
}

TEST_CASE("every kind is useful, lame, or second-hand, and has a word") {
  for (int i = 0; i <= static_cast<int>(ReplyKind::other_error); ++i) {
    auto kind = static_cast<ReplyKind>(i);
    INFO(text(kind));
    CHECK_FALSE(text(kind).empty());
    CHECK(reply_kind(text(kind)) == kind);
    bool second_hand = kind == ReplyKind::not_authoritative;
    CHECK(is_useful(kind) + is_lame(kind) + second_hand == 1);
  }
  CHECK(is_useful(ReplyKind::nxdomain_without_soa));
  CHECK(is_lame(ReplyKind::wrong_zone));
  CHECK_FALSE(reply_kind("no-such-kind"));
}

TEST_CASE("the SOA is found in the answer or the authority section") {
  CHECK(zone_in(negative(Rcode::noerror, "shop.example")) == kZone);
  CHECK(zone_in(with_answer({soa("app.shop.example")})) == Name::of("app.shop.example"));
  CHECK(soa_record_in(negative(Rcode::noerror, "shop.example")) == soa("shop.example"));
  CHECK_FALSE(zone_in(authoritative()));
}
