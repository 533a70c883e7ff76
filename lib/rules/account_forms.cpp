// The slips that were seen: another environment, another slash, what a shell adds.
#include "rules/account_forms.h"

#include <algorithm>

namespace dcv::rules {
namespace {

constexpr std::string_view kProduction = "https://acme-v02.api.letsencrypt.org/acme/acct/";
constexpr std::string_view kStaging = "https://acme-staging-v02.api.letsencrypt.org/acme/acct/";
constexpr std::string_view kFormer = "https://acme-v01.api.letsencrypt.org/acme/reg/";

struct Swap {
  std::string_view prefix, instead, slip;
};
constexpr Swap kSwaps[] = {
    {kProduction, kStaging, "of the staging environment"},
    {kStaging, kProduction, "of the production environment"},
    {kProduction, kFormer, "of the former API v01"},
    {kFormer, kProduction, "of the API v02"},
    {"https://", "http://", "with http instead of https"},
    {"http://", "https://", "with https instead of http"},
};

std::string lower(std::string_view text) {
  std::string folded(text);
  for (char& c : folded)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return folded;
}

}  // namespace

std::vector<AccountForm> other_forms(std::string_view account_uri) {
  const std::string uri(account_uri);
  std::vector<AccountForm> forms;
  const auto add = [&](std::string other, std::string_view slip) {
    const auto same = [&](const AccountForm& each) { return each.uri == other; };
    if (other.empty() || other == uri || std::ranges::any_of(forms, same)) return;
    forms.push_back({std::move(other), std::string(slip)});
  };
  for (const Swap& swap : kSwaps)
    if (uri.starts_with(swap.prefix))
      add(std::string(swap.instead) + uri.substr(swap.prefix.size()), swap.slip);
  if (uri.ends_with('/'))
    add(uri.substr(0, uri.size() - 1), "without the slash at its end");
  else
    add(uri + "/", "with a slash at its end");
  add(uri + "\n", "with a line feed behind it, as echo writes it");
  add(lower(uri), "in lower case");
  if (const std::size_t slash = uri.rfind('/'); slash != std::string::npos)
    add(uri.substr(slash + 1), "without all but its last part");
  return forms;
}

}  // namespace dcv::rules
