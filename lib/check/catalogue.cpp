// The list of all families, and finding a kind by its id.
#include "check/catalogue.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

namespace dcv::check {
namespace {

constexpr std::size_t kNearIds = 3;

// The root cause first: a broken delegation explains what the later families see.
const Family* const kFamilies[] = {&kDelegationFamily, &kTransportFamily, &kAliasFamily,
                                   &kAuthorityFamily, &kValueFamily};

// Levenshtein's distance, one row at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const Family* const> families() {
  return kFamilies;
}

std::vector<const FindingKind*> kinds() {
  std::vector<const FindingKind*> all;
  for (const Family* family : families())
    for (const FindingKind& kind : family->kinds) all.push_back(&kind);
  return all;
}

const FindingKind* find_kind(std::string_view id) {
  for (const FindingKind* kind : kinds())
    if (kind->id == id) return kind;
  return nullptr;
}

// An id that contains the text ("lame") is as near as one with a single slip.
std::vector<std::string_view> near_ids(std::string_view text) {
  const std::size_t farthest = 1 + text.size() / 3;
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (const FindingKind* kind : kinds()) {
    const bool contained = !text.empty() && kind->id.find(text) != std::string_view::npos;
    const std::size_t far = contained ? 1 : distance(text, kind->id);
    if (far <= farthest) near.emplace_back(far, kind->id);
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string_view> ids;
  for (std::size_t i = 0; i < near.size() && i < kNearIds; ++i) ids.push_back(near[i].second);
  return ids;
}

}  // namespace dcv::check
