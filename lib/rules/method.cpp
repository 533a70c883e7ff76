// The table of methods.
#include "rules/method.h"

#include <algorithm>

#include "rules/near.h"

namespace dcv::rules {
namespace {

struct Row {
  Method method;
  std::string_view text, section, caa_label;
  Proof proof;
  bool covers_wildcards;
};

constexpr std::array kRows = {
    Row{Method::dns_01, "dns-01", "BR 3.2.2.4.7", "dns-01", Proof::digest, true},
    Row{Method::dns_account_01, "dns-account-01", "BR 3.2.2.4.21", "dns-account-01", Proof::digest,
        true},
    Row{Method::dns_persist_01, "dns-persist-01", "BR 3.2.2.4.22", "dns-persist-01", Proof::persist,
        true},
    Row{Method::dns_txt, "dns-txt", "BR 3.2.2.4.7", "ca-tbr-7", Proof::token, true},
    Row{Method::dns_cname, "dns-cname", "BR 3.2.2.4.7", "ca-tbr-7", Proof::token, true},
    Row{Method::http_01, "http-01", "BR 3.2.2.4.19", "http-01", Proof::web, false},
    Row{Method::http_file, "http-file", "BR 3.2.2.4.18", "ca-tbr-18", Proof::web, false},
    Row{Method::tls_alpn_01, "tls-alpn-01", "BR 3.2.2.4.20", "tls-alpn-01", Proof::web, false},
    Row{Method::email, "email", "BR 3.2.2.4.4", "ca-tbr-4", Proof::mail, true},
};
static_assert(kRows.size() == kMethods.size());

const Row& row(Method method) {
  return *std::ranges::find(kRows, method, &Row::method);
}

}  // namespace

std::string_view text(Method method) {
  return row(method).text;
}

std::string_view section(Method method) {
  return row(method).section;
}

std::string_view caa_label(Method method) {
  return row(method).caa_label;
}

Proof proof_of(Method method) {
  return row(method).proof;
}

bool covers_wildcards(Method method) {
  return row(method).covers_wildcards;
}

Result<Method> parse_method(std::string_view text) {
  const auto found = std::ranges::find(kRows, text, &Row::text);
  if (found != kRows.end()) return found->method;
  std::vector<std::string_view> known;
  for (const Row& each : kRows) known.push_back(each.text);
  return Error{unknown_word("method", text, known)};
}

Method method_of(std::string_view text) {
  const auto found = std::ranges::find(kRows, text, &Row::text);
  return found == kRows.end() ? Method::dns_01 : found->method;
}

}  // namespace dcv::rules
