// Each wish becomes one target, or one for each CA where the places differ by CA.
#include "targets.h"

#include <algorithm>
#include <set>

#include "check/value_shape.h"
#include "resolve/control_label.h"
#include "rules/key_digest.h"
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

bool has_file(Method method) {
  return method == Method::http_01 || method == Method::http_file;
}

// What follows the host in a URL: no blanks or control bytes, which would end it there.
std::string fault_of_path(const std::string& path) {
  const bool sendable = std::ranges::all_of(path, [](char c) { return c > ' ' && c < '\x7f'; });
  if (path.starts_with('/') && sendable) return "";
  return "the path of a file is what follows the host in a URL (/...), not " + dns::quoted(path);
}

// What is wrong with an expected value; empty if nothing is.
std::string fault_of_value(const Order& order, const std::string& value) {
  const std::string method(rules::text(order.method));
  if (value.empty()) return "--expect is empty; is a variable not set?";
  if (rules::proof_of(order.method) == rules::Proof::digest && !check::is_digest(value))
    return "--expect takes the TXT value of " + (method == "dns-01" ? "DNS-01" : method) +
           ", 43 characters of base64url, not " + dns::quoted(value);
  if (order.method == Method::http_01 && !rules::is_key_authorization(value))
    return "--expect takes the key authorization of http-01, TOKEN.THUMBPRINT, not " +
           dns::quoted(value);
  if (order.method == Method::dns_cname && !dns::Name::parse(value))
    return "--expect takes the target of the CNAME record, not " + dns::quoted(value);
  return "";
}

// What is said of the place of the proof but does not go with the method; empty: all does.
std::string fault_of_place(const Order& order) {
  const std::string method(rules::text(order.method));
  const bool is_token = rules::proof_of(order.method) == rules::Proof::token;
  if (!order.wish.owner.empty() && !is_token)
    return order.identifier.text + ": an owner goes with dns-txt and dns-cname, not with " + method;
  if (!order.wish.path.empty() && !has_file(order.method))
    return order.identifier.text + ": a path goes with http-01 and http-file, not with " + method;
  return has_file(order.method) && !order.path().empty() ? fault_of_path(order.path()) : "";
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
  for (const std::string& value : order.expected())
    if (std::string fault = fault_of_value(order, value); !fault.empty()) return fault;
  if (order.method == Method::http_file && order.path().empty() && !order.expected().empty())
    return order.identifier.text +
           ": http-file needs --path, the path of the file that the CA told with the value";
  return fault_of_place(order);
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

// The account that orders from this CA, where its URIs are known; else the first.
std::string account_of(const std::vector<std::string>& uris, const observe::CaProfile* profile) {
  const auto own = std::ranges::find_if(uris, [&](const std::string& uri) {
    return profile && !profile->account_prefix.empty() && uri.starts_with(profile->account_prefix);
  });
  if (own != uris.end()) return *own;
  return uris.empty() ? "" : uris.front();
}

// `profile` is empty where the places are the same for all CAs.
Result<resolve::PlannedTarget> target_of(const Order& order, const observe::CaProfile* profile) {
  rules::Quest quest;
  quest.identifier = order.identifier;
  quest.method = order.method;
  if (profile != nullptr) quest.profile = *profile;
  if (!order.wish.label.empty())
    quest.profile.places = {{std::string(rules::text(order.method)), order.wish.label}};
  quest.account_uri = account_of(order.options.account_uris, profile);
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
                                .previous_csr_key = order.wish.previous_csr_key,
                                .csr_other_names = order.wish.csr_other_names};
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
  if (rules::proof_of(*method) == rules::Proof::token || *method == Method::dns_account_01) {
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

// What no name of the run has a use for; empty: nothing.
std::string useless(const std::vector<Wish>& wishes, const Options& options) {
  const auto any = [&](const auto& wants) {
    return std::ranges::any_of(wishes, [&](const Wish& wish) {
      const Result<Method> method = method_of(wish, options);
      return method && wants(*method);
    });
  };
  const auto takes_owner = [](Method method) {
    return rules::proof_of(method) == rules::Proof::token;
  };
  if (!options.at.empty() && !any(takes_owner)) return "--at goes with dns-txt and dns-cname only";
  if (!options.path.empty() && !any(has_file)) return "--path goes with http-01 and http-file only";
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
  if (std::string fault = useless(wishes, options); !fault.empty()) return Error{std::move(fault)};
  return targets;
}

}  // namespace dcv::tools
