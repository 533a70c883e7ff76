// Nearness of words by the slips between them.
#include "rules/near.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "dns/name.h"

namespace dcv::rules {
namespace {

constexpr std::size_t kNearWords = 3;

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

// "a, b"
std::string listed(const std::vector<std::string_view>& words) {
  std::string list;
  for (const std::string_view word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  return list;
}

}  // namespace

std::vector<std::string_view> near_words(std::string_view text,
                                         const std::vector<std::string_view>& words) {
  const std::size_t farthest = 1 + text.size() / 3;
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (const std::string_view word : words) {
    const bool contained = !text.empty() && word.find(text) != std::string_view::npos;
    const std::size_t far = contained ? 1 : distance(text, word);
    if (far <= farthest) near.emplace_back(far, word);
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string_view> nearest;
  for (std::size_t i = 0; i < near.size() && i < kNearWords; ++i) nearest.push_back(near[i].second);
  return nearest;
}

std::string unknown_word(std::string_view kind, std::string_view text,
                         const std::vector<std::string_view>& words) {
  const auto near = near_words(text, words);
  return "there is no " + std::string(kind) + " " + dns::quoted(text) +
         (near.empty() ? "; there are: " + listed(words) : "; near: " + listed(near));
}

}  // namespace dcv::rules
