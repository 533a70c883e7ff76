// The table of methods.
#include "rules/method.h"

#include <algorithm>

#include "rules/near.h"

namespace dcv::rules {
namespace {

struct Row {
  Method method;
  std::string_view text, section;
  std::array<std::string_view, 3> caa_labels;  // empty ones at the end
  Proof proof;
  bool covers_wildcards;
};

constexpr std::array kRows = {
    Row{Method::dns_01, "dns-01", "BR 3.2.2.4.7", {"dns-01", "ca-tbr-7"}, Proof::digest, true},
    Row{Method::dns_account_01,
        "dns-account-01",
        "BR 3.2.2.4.21",
        {"dns-account-01", "ca-tbr-21"},
        Proof::digest,
        true},
    Row{Method::dns_persist_01,
        "dns-persist-01",
        "BR 3.2.2.4.22",
        {"dns-persist-01", "ca-tbr-22"},
        Proof::persist,
        true},
    Row{Method::dns_txt, "dns-txt", "BR 3.2.2.4.7", {"ca-tbr-7"}, Proof::token, true},
    Row{Method::dns_cname, "dns-cname", "BR 3.2.2.4.7", {"ca-tbr-7"}, Proof::token, true},
    Row{Method::http_01, "http-01", "BR 3.2.2.4.19", {"http-01", "ca-tbr-19"}, Proof::web, false},
    Row{Method::http_file, "http-file", "BR 3.2.2.4.18", {"ca-tbr-18"}, Proof::web, false},
    Row{Method::tls_alpn_01,
        "tls-alpn-01",
        "BR 3.2.2.4.20",
        {"tls-alpn-01", "ca-tbr-20"},
        Proof::web,
        false},
    Row{Method::email,
        "email",
        "BR 3.2.2.4.4",
        {"ca-tbr-4", "ca-tbr-13", "ca-tbr-14"},
        Proof::mail,
        true},
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
  return row(method).caa_labels.front();
}

std::span<const std::string_view> caa_labels(Method method) {
  const auto& labels = row(method).caa_labels;
  const auto count = std::ranges::find(labels, std::string_view{}) - labels.begin();
  return std::span(labels).first(static_cast<std::size_t>(count));
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
