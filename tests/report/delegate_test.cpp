// Records to publish, and advice, as text and as JSON.
#include "report/delegate.h"

#include "support/golden.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::testing;

namespace {

report::DelegationForms forms() {
  const rules::Host host = {dns::Name::of("shop.example"), {"shop.example", "*.shop.example"}};
  const rules::Host app = {dns::Name::of("app.shop.example"), {"app.shop.example"}};
  report::DelegationForms made;
  const auto render = rules::delegation_to(*rules::find_provider("render", {}), "shop", host, {});
  const auto own = rules::delegation_by_ns(
      {{dns::Name::of("ns._acme-challenge.app.shop.example"), {dns::IpAddress::of("45.90.31.10")}}},
      app, {dns::Name::of("shop.example")});
  REQUIRE(render);
  REQUIRE(own);
  made.delegations = {*render, *own};
  made.notes = rules::notes_of(made.delegations, {});
  made.next = "dcv-preflight shop.example";
  return made;
}

std::vector<check::Advised> advised() {
  return {{.identifier = "app.shop.example",
           .validation_name = "_acme-challenge.app.shop.example.",
           .zone = "shop.example.",
           .judged = true,
           .advice = {{"method", "DNS-01.", {"One reason."}},
                      {"delegation", "Worth it.", {"A \x1b[31mhostile\x1b[0m name."}},
                      {"kind", "CNAME.", {}}}},
          {.identifier = "b.example",
           .validation_name = "_acme-challenge.b.example.",
           .zone = "b.example.",
           .judged = false,
           .advice = {{"method", "DNS-01.", {}}}}};
}

}  // namespace

TEST_CASE("records are told as a piece of a zone file, and as the fields of a panel") {
  check_golden("report/delegation.txt", report::render_forms_text(forms()));
  check_golden("report/delegation.json", report::render_forms_json(forms(), "dcv-delegate"));
}

TEST_CASE("records that are not needed beside others are comments after these") {
  report::DelegationForms made = forms();
  made.delegations[1].needed = false;
  const std::string text = report::render_forms_text(made);
  CHECK(text.find("app.shop.example: ") == std::string::npos);
  CHECK(text.find("\n_acme-challenge.app.shop.example. ") == std::string::npos);
  CHECK(text.find("\n; Not needed beside that, since over DNS a record proves the names below it "
                  "too:\n; _acme-challenge.app.shop.example. 3600 IN NS ") != std::string::npos);
}

TEST_CASE("files are told with their address and their lines") {
  report::DelegationForms made;
  made.files = {{"app.shop.example", "http://app.shop.example/.well-known/x.txt", {"a", "b"}}};
  made.notes = {"Each name needs the file itself."};
  CHECK(report::render_forms_text(made) ==
        "# app.shop.example\nhttp://app.shop.example/.well-known/x.txt\n    a\n    b\n\n"
        "# - Each name needs the file itself.\n");
}

TEST_CASE("advice is told in the order in which to decide, hostile text made harmless") {
  const observe::Stats stats{.queries = 42, .seconds = 0.31, .round_trips = 6, .limits = {}};
  check_golden("report/advice.txt", report::render_advice_text(advised(), stats, {}));
  check_golden("report/advice.json",
               report::render_advice_json(advised(), 1790000000, "dcv-delegate"));
}

TEST_CASE("the list of providers is a table that can be read again, one's own rows first") {
  observe::Provider own = *rules::find_provider("cloudflare", {});
  own.title = "Our CDN";
  const auto again = rules::providers_from_json(report::render_providers_json({own}));
  REQUIRE(again);
  CHECK(again->front().title == "Our CDN");
  CHECK(std::ranges::count(*again, "cloudflare", &observe::Provider::id) == 1);
  const std::string text = report::render_providers_text({own});
  CHECK(text.starts_with("cloudflare "));
  CHECK(text.find("Our CDN; --id: 16 hexadecimal digits") != std::string::npos);
  CHECK(text.find("AWS Certificate Manager; as shown: --at OWNER --target TARGET") !=
        std::string::npos);
  CHECK(text.find("digicert-cname-old") == std::string::npos);
}
