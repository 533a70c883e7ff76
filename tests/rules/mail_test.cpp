#include "rules/mail.h"

#include "support/catch.h"

using namespace dcv;
using rules::read_contact;

namespace {

using Addresses = std::vector<std::string>;

void is_good(const std::string& value) {
  INFO(value);
  const rules::Contact contact = read_contact(value);
  CHECK(contact.address == value);
  CHECK(contact.fault.empty());
}

void is_bad(const std::string& value, const std::string& fault, const Addresses& meant) {
  INFO(value);
  const rules::Contact contact = read_contact(value);
  CHECK(contact.address.empty());
  CHECK(contact.fault == fault);
  CHECK(contact.meant == meant);
}

}  // namespace

TEST_CASE("a contact is a value that is an address as a whole") {
  is_good("certs@shop.example");
  is_good("Certs+dcv@Shop.Example");
  is_good("o'brien@mail.shop.example");
  is_good("\"first last\"@shop.example");
  is_good("\"a\\\"b\"@shop.example");
  is_good("jos\xc3\xa9@shop.example");
  is_good(
      "certs@b\xc3\xbc"
      "cher.example");
  is_good("first.last@shop.example");
}

TEST_CASE("a contact with anything around the address does not count, and the address is told") {
  const Addresses one = {"certs@shop.example"};
  is_bad("mailto:certs@shop.example", "begins with mailto:", one);
  is_bad("MailTo:certs@shop.example", "begins with mailto:", one);
  is_bad(" certs@shop.example", "has blanks around the address", one);
  is_bad("certs@shop.example\n", "has blanks around the address", one);
  is_bad("\"certs@shop.example\"", "has the address in quotes", one);
  is_bad("'certs@shop.example'", "has the address in quotes", one);
  is_bad("<certs@shop.example>", "has the address in angle brackets", one);
  is_bad("Certificates <certs@shop.example>", "has the address in angle brackets", one);
  is_bad("contactemail=x certs@shop.example", "holds more than the address", one);
  is_bad("certs@shop.example.", "holds more than the address", one);
}

TEST_CASE("a contact with several addresses does not count, and each is told once") {
  const Addresses two = {"a@shop.example", "b@shop.example"};
  is_bad("a@shop.example,b@shop.example", "holds more than one address", two);
  is_bad("a@shop.example; b@shop.example, a@shop.example", "holds more than one address", two);
  is_bad("a@shop.example b@shop.example", "holds more than one address", two);
}

TEST_CASE("a contact without an address is told as such") {
  is_bad("", "is empty", {});
  is_bad(" \t", "is empty", {});
  is_bad("shop.example", "is no mail address", {});
  is_bad("certs@", "is no mail address", {});
  is_bad("@shop.example", "is no mail address", {});
  is_bad("certs@localhost", "is no mail address", {});
  is_bad("certs@[45.90.29.81]", "is no mail address", {});
  is_bad("a..b@shop.example", "is no mail address", {});
  is_bad("\"open@shop.example", "has the address in quotes", {"open@shop.example"});
}

TEST_CASE("bytes of all kinds in a contact are no address") {
  is_bad(std::string("certs\0@shop.example", 19), "is no mail address", {});
  is_bad("certs\x7f@shop.example", "is no mail address", {});
  is_bad(std::string(4000, '@'), "is no mail address", {});
}

TEST_CASE("the domain of an address is the name after the last @") {
  CHECK(rules::mail_domain("certs@Shop.example").value() == dns::Name::of("shop.example"));
  CHECK(rules::mail_domain("\"a@b\"@shop.example").value() == dns::Name::of("shop.example"));
  CHECK(rules::mail_domain("certs@b\xc3\xbc"
                           "cher.example")
            .value() == dns::Name::of("xn--bcher-kva.example"));
  CHECK_FALSE(rules::mail_domain("certs@example"));
  CHECK_FALSE(rules::mail_domain("certs@shop.example."));
}
