// Which web servers are asked for what, over redirects.

#include "resolve/web_eye.h"

#include "support/catch.h"
#include "support/scripted_web.h"

using namespace dcv;
using namespace dcv::testing;
using dns::IpAddress;
using dns::Name;
using observe::Fetch;
using observe::Outcome;
using Texts = std::vector<std::string>;

namespace {

constexpr const char* kPath = "/.well-known/acme-challenge/x";
constexpr const char* kFour = "93.184.216.34";
constexpr const char* kOtherFour = "93.184.216.35";
constexpr const char* kSix = "2606:2800:220:1::34";

resolve::Plan plan_of(const Texts& names, const std::string& method = "http-01") {
  resolve::Plan plan;
  for (const std::string& name : names) {
    resolve::WebWish wish{.path = kPath};
    if (method == "tls-alpn-01")
      wish = {.scheme = "https", .port = 443, .path = "", .handshake = true};
    plan.targets.push_back(
        {.identifier = *dns::parse_identifier(name), .method = method, .web = wish});
  }
  return plan;
}

// Hosts with their addresses, and which were looked up together: "a.example b.example".
struct Hosts {
  std::map<std::string, Texts> addresses;
  Texts asked = {};

  resolve::LookUp look_up() {
    return [this](const std::vector<Name>& hosts) {
      std::map<Name, std::vector<IpAddress>> found;
      asked.emplace_back();
      for (const Name& host : hosts) {
        asked.back() += (asked.back().empty() ? "" : " ") + host.prose();
        for (const std::string& text : addresses[host.prose()])
          found[host].push_back(IpAddress::of(text));
      }
      return found;
    };
  }
};

void answer(Fetch& fetch, int status, const std::string& location = "") {
  fetch.connected = true;
  fetch.outcome = Outcome::reply;
  fetch.status = status;
  fetch.location = location;
}

// "hop 1 from 0: 192.0.2.1 http://…"
Texts told(const observe::WebSight& sight) {
  Texts lines;
  for (const Fetch& fetch : sight.fetches) {
    const std::string from = fetch.came_from ? " from " + std::to_string(*fetch.came_from) : "";
    lines.push_back("hop " + std::to_string(fetch.hop) + from + ": " + fetch.address.text() + " " +
                    fetch.url);
  }
  return lines;
}

}  // namespace

TEST_CASE("every address is asked, IPv6 first") {
  Hosts hosts{{{"app.shop.com", {kFour, kOtherFour, kSix}}}};
  ScriptedWeb web([](Fetch& fetch) { answer(fetch, 200); });
  const auto sights = look_at_web(plan_of({"App.shop.com"}), web, hosts.look_up());
  REQUIRE(sights.size() == 1);
  CHECK(sights[0].url == "http://app.shop.com/.well-known/acme-challenge/x");
  const std::string url = sights[0].url;
  CHECK(told(sights[0]) == Texts{std::string("hop 0: ") + kSix + " " + url,
                                 std::string("hop 0: ") + kFour + " " + url,
                                 std::string("hop 0: ") + kOtherFour + " " + url});
  CHECK(sights[0].fetches[0].status == 200);
  CHECK(web.runs == 1);
}

TEST_CASE("so many addresses of each family are asked, those that may not be asked last") {
  Texts addresses = {"10.0.0.1"};
  for (int i = 1; i <= 10; ++i) addresses.push_back("93.184.216." + std::to_string(i));
  Hosts hosts{{{"app.shop.com", addresses}, {"in.shop.com", {"10.0.0.1", kFour}}}};
  ScriptedWeb web([](Fetch& fetch) { answer(fetch, 200); });
  const auto sights = look_at_web(plan_of({"app.shop.com", "in.shop.com"}), web, hosts.look_up());
  CHECK(sights[0].fetches.size() == 8);
  CHECK(sights[0].fetches.back().address.text() == "93.184.216.8");
  CHECK(sights[1].fetches.size() == 2);
  CHECK(sights[1].fetches[1].address.text() == "10.0.0.1");
  CHECK(hosts.asked == Texts{"app.shop.com in.shop.com"});
}

TEST_CASE("a redirect is followed to one IPv6 address of the new host, without fall-back") {
  Hosts hosts{{{"app.shop.com", {kFour}}, {"www.shop.com", {kOtherFour, kSix}}}};
  ScriptedWeb web([](Fetch& fetch) {
    if (fetch.hop == 0 && fetch.url.starts_with("http://app"))
      answer(fetch, 301, "https://www.shop.com/y");
  });
  const auto sights = look_at_web(plan_of({"app.shop.com"}), web, hosts.look_up());
  CHECK(told(sights[0]) ==
        Texts{"hop 0: 93.184.216.34 http://app.shop.com/.well-known/acme-challenge/x",
              "hop 1 from 0: 2606:2800:220:1::34 https://www.shop.com/y"});
  CHECK(sights[0].fetches[1].tls);
  CHECK(sights[0].fetches[1].port == 443);
  CHECK(sights[0].fetches[1].outcome == Outcome::not_asked);
  CHECK(hosts.asked == Texts{"app.shop.com", "www.shop.com"});
}

TEST_CASE("several addresses that redirect cover several of the next host") {
  Hosts hosts{{{"app.shop.com", {kFour, kOtherFour}}}};
  ScriptedWeb web([](Fetch& fetch) {
    if (!fetch.tls) answer(fetch, 308, "https://app.shop.com/y");
  });
  const auto sights = look_at_web(plan_of({"app.shop.com"}), web, hosts.look_up());
  const std::string url = "http://app.shop.com/.well-known/acme-challenge/x";
  CHECK(told(sights[0]) == Texts{"hop 0: 93.184.216.34 " + url, "hop 0: 93.184.216.35 " + url,
                                 "hop 1 from 0: 93.184.216.34 https://app.shop.com/y",
                                 "hop 1 from 1: 93.184.216.35 https://app.shop.com/y"});
}

TEST_CASE("names that lead to the same page ask for it once") {
  Hosts hosts{{{"a.shop.com", {kFour}}, {"b.shop.com", {kFour}}, {"www.shop.com", {kFour}}}};
  ScriptedWeb web([](Fetch& fetch) {
    if (!fetch.tls) return answer(fetch, 302, "https://www.shop.com/");
    answer(fetch, 404);
  });
  const auto sights = look_at_web(plan_of({"a.shop.com", "b.shop.com"}), web, hosts.look_up());
  CHECK(web.asked == Texts{"93.184.216.34 http://a.shop.com/.well-known/acme-challenge/x",
                           "93.184.216.34 http://b.shop.com/.well-known/acme-challenge/x",
                           "93.184.216.34 https://www.shop.com/"});
  for (const observe::WebSight& sight : sights) {
    REQUIRE(sight.fetches.size() == 2);
    CHECK(sight.fetches[1].status == 404);
    CHECK(sight.fetches[1].came_from == 0U);
  }
  CHECK(hosts.asked == Texts{"a.shop.com b.shop.com", "www.shop.com"});
}

TEST_CASE("what the CA does not follow is not followed") {
  const auto fetches_after = [](int status, const std::string& location,
                                const std::string& method = "http-01", const std::string& ca = "") {
    Hosts hosts{{{"app.shop.com", {kFour}}, {"other.com", {kFour}}}};
    ScriptedWeb web([&](Fetch& fetch) { answer(fetch, status, location); });
    resolve::Plan plan = plan_of({"app.shop.com"}, method);
    plan.targets[0].profile = ca;
    return look_at_web(plan, web, hosts.look_up())[0].fetches.size();
  };
  CHECK(fetches_after(301, "https://other.com/") == 2);
  CHECK(fetches_after(303, "https://other.com/") == 1);
  CHECK(fetches_after(301, "") == 1);
  CHECK(fetches_after(200, "https://other.com/") == 1);
  CHECK(fetches_after(301, "https://other.com:8080/") == 1);
  CHECK(fetches_after(301, "http://127.0.0.1/") == 1);
  CHECK(fetches_after(301, "https://gone.com/") == 1);  // without an address
  CHECK(fetches_after(301, kPath) == 1);                // a loop
  CHECK(fetches_after(301, "https://other.com/", "http-file") == 2);
  CHECK(fetches_after(301, "https://other.com/", "http-file", "digicert") == 1);
  CHECK(fetches_after(301, "https://other.com/", "http-file", "sectigo") == 1);
}

TEST_CASE("redirects that never end are followed ten times") {
  Hosts hosts{{{"app.shop.com", {kFour}}}};
  int count = 0;
  ScriptedWeb web([&](Fetch& fetch) { answer(fetch, 302, "/" + std::to_string(++count)); });
  const auto sights = look_at_web(plan_of({"app.shop.com"}), web, hosts.look_up());
  CHECK(sights[0].fetches.size() == 11);
  CHECK(sights[0].fetches.back().hop == 10);
}

TEST_CASE("a redirect into private space ends there") {
  Hosts hosts{{{"app.shop.com", {kFour}},
               {"in.shop.com", {"10.0.0.1"}},
               {"both.shop.com", {"fd00::1", kFour}}}};
  const auto last = [&](const std::string& location) {
    ScriptedWeb web([&](Fetch& fetch) {
      if (fetch.url.starts_with("http://app")) answer(fetch, 302, location);
    });
    return look_at_web(plan_of({"app.shop.com"}), web, hosts.look_up())[0]
        .fetches.back()
        .address.text();
  };
  CHECK(last("http://in.shop.com/") == "10.0.0.1");  // which the web does not ask
  CHECK(last("http://both.shop.com/") == kFour);
}

TEST_CASE("for tls-alpn-01 every address is shaken hands with, and nothing is fetched") {
  Hosts hosts{{{"app.shop.com", {kFour, kSix}}}};
  ScriptedWeb web({}, [](observe::Handshake& handshake) {
    handshake.outcome = Outcome::reply;
    handshake.protocol = "acme-tls/1";
  });
  const auto sights = look_at_web(plan_of({"app.shop.com"}, "tls-alpn-01"), web, hosts.look_up());
  CHECK(sights[0].url.empty());
  CHECK(sights[0].fetches.empty());
  REQUIRE(sights[0].handshakes.size() == 2);
  CHECK(sights[0].handshakes[0].address.text() == kSix);
  CHECK(sights[0].handshakes[1].protocol == "acme-tls/1");
  CHECK(web.asked ==
        Texts{"2606:2800:220:1::34 TLS app.shop.com", "93.184.216.34 TLS app.shop.com"});
}

TEST_CASE("where no target wants a web server, nothing is asked") {
  Hosts hosts;
  ScriptedWeb web({});
  resolve::Plan plan = plan_of({"app.shop.com"});
  plan.targets[0].web.reset();
  const auto sights = look_at_web(plan, web, hosts.look_up());
  REQUIRE(sights.size() == 1);
  CHECK(sights[0].url.empty());
  CHECK(hosts.asked.empty());
  CHECK(web.runs == 0);
}
