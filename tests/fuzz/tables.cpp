// Any bytes as each of the files that users write: orders, CA profiles, providers, requirements,
// messages of clients, scenarios.

#include "fuzz/input.h"
#include "lab/scenario_json.h"
#include "observe/ca_profile_json.h"
#include "rules/order_file.h"
#include "rules/providers.h"
#include "rules/requirements_json.h"
#include "rules/symptoms.h"

using namespace dcv;

namespace {

template <typename T>
void check(const Result<T>& result) {
  if (!result) fuzz::require(!result.error().empty(), "a refusal has its reason");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  const auto order = rules::parse_order(text, "order");
  check(order);
  if (order) fuzz::require(!order->empty(), "an order has a line");
  check(observe::ca_table_from_json(text, observe::shipped_ca_table().defaults));
  const auto providers = rules::providers_from_json(text);
  check(providers);
  if (providers) {
    const dns::Name owner = dns::Name::of("_acme-challenge.app.shop.example");
    rules::recognise(owner, dns::RecordType::cname, dns::Name::of("app.dcv.example"), *providers);
    rules::recognise(owner, "token=abc", *providers);
  }
  check(rules::requirements_from_json(text));
  check(rules::symptoms_from_json(text));
  check(lab::parse_scenario_json(text));
  check(lab::parse_base_json(text));
  return 0;
}
