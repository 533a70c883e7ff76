// Order files: both forms say the same, and each slip is told with its line.
#include "rules/order_file.h"

#include <fstream>
#include <iterator>

#include "support/catch.h"

using dcv::rules::OrderLine;
using dcv::rules::parse_order;

namespace {

std::string sample(const std::string& name) {
  std::ifstream file(DCV_SOURCE_DIR "/tests/rules/samples/" + name, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string fault(std::string_view text) {
  const auto lines = parse_order(text, "order");
  return lines ? "no fault" : lines.error();
}

void check_sample(const std::vector<OrderLine>& lines, const std::vector<int>& numbers) {
  const std::string old_value = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";
  const std::string new_value = "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo";
  const std::vector<OrderLine> wanted = {
      {"shop.example", "dns-01", "letsencrypt", {old_value}, "", "", 0},
      {"*.shop.example", "dns-01", "letsencrypt", {old_value, new_value}, "", "", 0},
      {"app.shop.example",
       "dns-persist-01",
       "",
       {"letsencrypt.org; accounturi=https://acme.example/acct/1"},
       "",
       "",
       0},
      {"mail.shop.example",
       "dns-cname",
       "digicert",
       {"5mxwt7b3.dcv.digicert.com"},
       "_dnsauth.mail.shop.example",
       "",
       0},
      {"www.shop.example", "", "", {}, "", "", 0}};
  REQUIRE(lines.size() == wanted.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    INFO(i);
    CHECK(lines[i].name == wanted[i].name);
    CHECK(lines[i].method == wanted[i].method);
    CHECK(lines[i].ca == wanted[i].ca);
    CHECK(lines[i].expected == wanted[i].expected);
    CHECK(lines[i].owner == wanted[i].owner);
    CHECK(lines[i].line == numbers[i]);
  }
}

std::string windows(const std::string& text) {
  std::string changed = "\xef\xbb\xbf";
  for (const char c : text) changed += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return changed;
}

}  // namespace

TEST_CASE("an order with tabs has a line for each name, with what is given") {
  const auto lines = parse_order(sample("order.tsv"), "order.tsv");
  REQUIRE(lines);
  check_sample(*lines, {3, 4, 5, 7, 8});
}

TEST_CASE("an order from Windows, with a byte order mark, is the same") {
  const auto lines = parse_order(windows(sample("order.tsv")), "order.tsv");
  REQUIRE(lines);
  check_sample(*lines, {3, 4, 5, 7, 8});
  REQUIRE(parse_order(windows(sample("order.json")), "order.json"));
}

TEST_CASE("an order in JSON says the same as one with tabs") {
  const auto lines = parse_order(sample("order.json"), "order.json");
  REQUIRE(lines);
  check_sample(*lines, {1, 2, 3, 4, 5});
}

TEST_CASE("an order in JSON may be a bare list") {
  const auto lines = parse_order(sample("order-list.json"), "order.json");
  REQUIRE(lines);
  CHECK(lines->size() == 2);
}

TEST_CASE("names are brought into a CA's form") {
  const auto lines = parse_order(
      "name\nShop.Example.\n*.M\xc3\xbc"
      "ller.example\n",
      "order");
  REQUIRE(lines);
  CHECK((*lines)[0].name == "shop.example");
  CHECK((*lines)[1].name == "*.xn--mller-kva.example");
}

TEST_CASE("a slip in the table is told with its line") {
  CHECK(fault("") == "order: there are no names in this order");
  CHECK(fault("# nothing\n\n") == "order: there are no names in this order");
  CHECK(fault("name\tmethod\n") == "order: there are no names in this order");
  CHECK(fault("shop.example\n")
            .starts_with(
                "order: line 1: there is no column \"shop.example\"; there are: name, method, ca"));
  CHECK(fault("name\tmethode\n") == "order: line 1: there is no column \"methode\"; near: method");
  CHECK(fault("name method\n").ends_with("; columns are separated by tabs"));
  CHECK(fault("name,method\n").ends_with("; columns are separated by tabs"));
  CHECK(fault("method\nx\n") == "order: line 1: there is no column name");
  CHECK(fault("name\tca\tca\n") == "order: line 1: the column ca is there twice");
  CHECK(fault("name\n\nshop.example\tdns-01\n") == "order: line 3: 2 fields for 1 column");
  CHECK(fault("name\tmethod\n-\tdns-01\n") == "order: line 2: there is no name");
  CHECK(fault("name\nhttps://shop.example/\n") ==
        "order: line 2: \"https://shop.example/\" is a URL; give only the host name: "
        "\"shop.example\"");
  CHECK(fault("name\tmethod\nshop.example\tdns-1\n") ==
        "order: line 2: there is no method \"dns-1\"; near: dns-01");
  CHECK(fault("name\nshop.example\nSHOP.example\n") ==
        "order: line 3: shop.example is there twice with the same method and CA");
}

TEST_CASE("a wildcard and a method that shows control of one host do not go together") {
  for (const std::string method : {"http-01", "http-file", "tls-alpn-01"}) {
    const std::string said = fault("name\tmethod\n*.shop.example\t" + method + "\n");
    CHECK(said.starts_with("order: line 2: *.shop.example: " + method +
                           " shows control of one host, not of all below a name (BR "));
    CHECK(parse_order("name\tmethod\nshop.example\t" + method + "\n", "order"));
  }
  CHECK(parse_order("name\tmethod\n*.shop.example\temail\n", "order"));
}

TEST_CASE("one name may be there with several methods or CAs") {
  CHECK(parse_order("name\tca\nshop.example\tgoogle\nshop.example\tsectigo\n", "order"));
  CHECK(parse_order("name\tmethod\nshop.example\tdns-01\nshop.example\temail\n", "order"));
}

TEST_CASE("a slip in JSON is told with its place") {
  CHECK(fault("[{]") == "order: this is not JSON (wrong at byte 3)");
  CHECK(fault("[1e999]") == "order: a number in this JSON is too large");
  CHECK(fault("[]") == "order: there are no names in this order");
  CHECK(fault("{\"names\": []}") ==
        "order: \"kind\": \"dcv-order-file\" is missing beside \"names\"");
  CHECK(fault("{}") == "order: not an order: a list, or an object of the kind \"dcv-order-file\"");
  CHECK(fault(R"({"kind":"dcv-order-file"})") == "order: names is missing");
  CHECK(fault(R"({"kind":"dcv-order-file","version":2,"names":[]})") == "order: version must be 1");
  CHECK(fault(R"({"kind":"dcv-order-file","name":[]})") ==
        "order: \"name\" is no field of an order");
  CHECK(fault(R"(["shop.example"])") == "order: [0] must be an object");
  CHECK(fault(R"([{"method":"dns-01"}])") == "order: [0].name is missing");
  CHECK(fault(R"([{"name":"shop.example"},{"name":"a.example","expected":1}])") ==
        "order: [1].expected must be a list");
  CHECK(fault(R"([{"name":"shop.example","expects":"x"}])") ==
        "order: [0]: there is no field \"expects\"; near: expected");
  CHECK(fault(R"({"kind":"dcv-order-file","names":[{"name":"*.shop.example","method":"http-01"}]})")
            .starts_with("order: names[0]: *.shop.example: http-01 shows control of one host"));
}

TEST_CASE("only a list of names to watch says how often each is looked at") {
  const std::string table = "name\tevery\nshop.example\t5m\napp.shop.example\t-\n";
  const std::string json =
      R"([{"name":"shop.example","every":"5m"},{"name":"app.shop.example","every":null}])";
  for (const std::string& text : {table, json}) {
    const auto lines = parse_order(text, "list", {.every = true});
    REQUIRE(lines);
    CHECK((*lines)[0].every == "5m");
    CHECK((*lines)[1].every.empty());
  }
  CHECK(fault(table) ==
        "order: line 1: the column every is for dcv-watch, which looks again and again");
  CHECK(fault(json) == "order: [0]: the field every is for dcv-watch, which looks again and again");
  CHECK(fault("name\tevry\n").find("near: every") == std::string::npos);
}

TEST_CASE("an order has at most so many names and bytes") {
  std::string text = "name\n";
  for (int i = 0; i < 1000; ++i) text += "a" + std::to_string(i) + ".example\n";
  const auto most = parse_order(text, "order");
  REQUIRE(most);
  CHECK(most->size() == 1000);
  CHECK(fault(text + "b.example\n") == "order: line 1002: an order has at most 1000 names");
  CHECK(fault(std::string(1048577, '\n')) ==
        "order: too large for an order: 1048577 bytes, at most 1048576 are read");
}

TEST_CASE("bytes of any kind are no crash") {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    CHECK_FALSE(parse_order(one, "order"));
    CHECK_FALSE(parse_order("name\n" + one, "order"));
    CHECK_FALSE(parse_order("[" + one, "order"));
  }
}
