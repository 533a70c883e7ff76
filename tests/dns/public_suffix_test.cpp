// Where the registrant's own names begin.

#include "dns/public_suffix.h"

#include "support/catch.h"

using dcv::dns::Name;
using dcv::dns::registrable_domain;

TEST_CASE("the registrable domain is one label below the public suffix") {
  CHECK(registrable_domain(Name::of("_acme-challenge.www.shop.co.uk")) == Name::of("shop.co.uk"));
  CHECK(registrable_domain(Name::of("WWW.Shop.COM")) == Name::of("shop.com"));
  CHECK(registrable_domain(Name::of("shop.com")) == Name::of("shop.com"));
  CHECK(registrable_domain(Name::of("a.b.user.github.io")) == Name::of("user.github.io"));
  CHECK(registrable_domain(Name::of("www.city.kawasaki.jp")) == Name::of("city.kawasaki.jp"));
}

TEST_CASE("a top-level domain that the list does not know counts as public suffix") {
  CHECK(registrable_domain(Name::of("a.shop.example")) == Name::of("shop.example"));
}

TEST_CASE("a public suffix and the root stand for themselves") {
  CHECK(registrable_domain(Name::of("co.uk")) == Name::of("co.uk"));
  CHECK(registrable_domain(Name::of("com")) == Name::of("com"));
  CHECK(registrable_domain(Name()).is_root());
}

TEST_CASE("odd bytes in labels do not shift the cut") {
  CHECK(registrable_domain(Name::of("x.a\\.b.com")) == Name::of("a\\.b.com"));
  CHECK(registrable_domain(Name::of("x.\\000\\255y.com")) == Name::of("\\000\\255y.com"));
}
