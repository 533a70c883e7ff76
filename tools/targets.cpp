// Each wish becomes one target, or one for each CA where the places differ by CA.
#include "targets.h"

#include <algorithm>
#include <set>

#include "check/value_shape.h"
#include "resolve/control_label.h"
#include "rules/places.h"

namespace dcv::tools {
namespace {

using rules::Method;
using Targets = std::vector<resolve::PlannedTarget>;

constexpr std::string_view kChallenges = "/.well-known/acme-challenge/";
constexpr std::string_view kFiles = "/.well-known/pki-validation/";

// What a wish says once the options have filled it up.
struct Order {
  const Wish& wish;
  const Options& options;
  dns::Identifier identifier;
  Method method;

  const std::vector<std::string>& expected() const {
    return wish.expected.empty() ? options.expect : wish.expected;
  }
  const std::string& path() const { return wish.path.empty() ? options.path : wish.path; }
};

Result<Method> method_of(const Wish& wish, const Options& options) {
  const std::string& word = wish.method.empty() ? options.method : wish.method;
  return word.empty() ? Method::dns_01 : rules::parse_method(word);
}

// Empty when the wish can be fulfilled.
std::string objection(const Order& order) {
  const std::string method(rules::text(order.method));
  if (order.identifier.wildcard && !rules::covers_wildcards(order.method))
    return order.identifier.text + ": " + method +
           " shows control of one host, not of all below a name (" +
           std::string(rules::section(order.method)) + "); a wildcard needs a method of DNS";
  if (order.options.https && order.method != Method::http_file)
    return "--https goes with http-file, not with " + method;
  const bool digest = rules::proof_of(order.method) == rules::Proof::digest;
  for (const std::string& value : order.expected())
    if (digest && !check::is_digest(value))
      return "--expect takes the TXT value of " + (method == "dns-01" ? "DNS-01" : method) +
             ", 43 characters of base64url, not " + dns::quoted(value);
  return "";
}

// A token nobody was given: what the server answers then shows whether it would answer the CA.
std::string random_token() {
  return resolve::random_label().substr(1);
}

std::string path_of(const Order& order) {
  if (!order.path().empty()) return order.path();
  if (order.method == Method::http_file) return std::string(kFiles) + random_token();
  if (order.expected().empty()) return std::string(kChallenges) + random_token();
  const std::string& key_authorization = order.expected().front();
  return std::string(kChallenges) + key_authorization.substr(0, key_authorization.find('.'));
}

std::optional<resolve::WebWish> web_wish(const Order& order) {
  if (rules::proof_of(order.method) != rules::Proof::web) return std::nullopt;
  resolve::WebWish wish;
  if (order.method == Method::tls_alpn_01) {
    wish.scheme = "https";
    wish.port = 443;
    wish.handshake = true;
    return wish;
  }
  wish.path = path_of(order);
  if (order.options.https) {
    wish.scheme = "https";
    wish.port = 443;
  }
  return wish;
}

// `profile` is empty where the places are the same for all CAs.
Result<resolve::PlannedTarget> target_of(const Order& order, const observe::CaProfile* profile) {
  rules::Quest quest;
  quest.identifier = order.identifier;
  quest.method = order.method;
  if (profile != nullptr) quest.profile = *profile;
  if (!order.wish.label.empty())
    quest.profile.places = {{std::string(rules::text(order.method)), order.wish.label}};
  if (!order.options.account_uris.empty()) quest.account_uri = order.options.account_uris.front();
  quest.owner = order.wish.owner.empty() ? order.options.at : order.wish.owner;
  Result<std::vector<dns::Question>> places = rules::places_of(quest);
  if (!places) return Error{order.identifier.text + ": " + places.error()};
  return resolve::PlannedTarget{.identifier = order.identifier,
                                .expected = order.expected(),
                                .places = std::move(places).value(),
                                .method = std::string(rules::text(order.method)),
                                .profile = profile != nullptr ? profile->name : order.wish.ca,
                                .web = web_wish(order),
                                .csr_key = order.wish.csr_key,
                                .previous_csr_key = order.wish.previous_csr_key};
}

// Returns what is wrong; empty if nothing is.
std::string add(const Wish& wish, const Options& options,
                const std::vector<observe::CaProfile>& profiles, Targets& targets) {
  Result<dns::Identifier> identifier = dns::parse_identifier(wish.name);
  if (!identifier) return identifier.error();
  const Result<Method> method = method_of(wish, options);
  if (!method) return method.error();
  const Order order{wish, options, std::move(identifier).value(), *method};
  const std::string slip = objection(order);
  if (!slip.empty()) return slip;
  std::vector<const observe::CaProfile*> each = {nullptr};
  if (rules::proof_of(*method) == rules::Proof::token) {
    each.clear();
    for (const observe::CaProfile& profile : profiles)
      if (wish.ca.empty() || wish.ca == profile.name) each.push_back(&profile);
  }
  for (const observe::CaProfile* profile : each) {
    Result<resolve::PlannedTarget> target = target_of(order, profile);
    if (!target) return target.error();
    targets.push_back(std::move(target).value());
  }
  return "";
}

}  // namespace

Wish wish_of(const std::string& text) {
  Wish wish;
  const std::size_t equals = text.rfind('=');
  wish.name = text.substr(0, equals);
  if (equals != std::string::npos) wish.method = text.substr(equals + 1);
  return wish;
}

Result<Targets> targets_of(const std::vector<Wish>& wishes, const Options& options,
                           const std::vector<observe::CaProfile>& profiles) {
  Targets targets;
  for (const Wish& wish : wishes) {
    const std::string slip = add(wish, options, profiles, targets);
    if (!slip.empty()) return Error{slip};
  }
  return targets;
}

}  // namespace dcv::tools
