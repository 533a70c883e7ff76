// The public suffix list as installed on the machine, or as built into libpsl.

#include "dns/public_suffix.h"

#include <libpsl.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace dcv::dns {
namespace {

struct ListDeleter {
  void operator()(psl_ctx_t* list) const { psl_free(list); }
};
using List = std::unique_ptr<psl_ctx_t, ListDeleter>;

const psl_ctx_t* list() {
  // psl_latest() falls back to the built-in list by itself when that is newer, or the only one.
  static const List loaded(psl_latest("/usr/share/publicsuffix/public_suffix_list.dafsa"));
  if (!loaded) throw std::runtime_error("no public suffix list: libpsl was built without one");
  return loaded.get();
}

// The name for libpsl: lower case, and one dot between two labels whatever bytes they hold.
std::string list_text(const Name& name) {
  std::string text;
  const Name lower = name.lower();
  for (const auto& label : lower.labels()) {
    if (!text.empty()) text += '.';
    for (char c : label) text += c > ' ' && c != '.' ? c : '?';
  }
  return text;
}

}  // namespace

Name registrable_domain(const Name& name) {
  auto text = list_text(name);
  const char* registrable = psl_registrable_domain(list(), text.c_str());
  if (registrable == nullptr) return name;
  auto dots = std::ranges::count(std::string_view(registrable), '.');
  return name.suffix(static_cast<std::size_t>(dots) + 1);
}

bool is_registry(const Name& zone) {
  return zone.is_root() ||
         psl_is_public_suffix2(list(), list_text(zone).c_str(), PSL_TYPE_ICANN) == 1;
}

bool has_public_ending(const Name& name) {
  if (name.is_root()) return false;
  return psl_is_public_suffix2(list(), list_text(name.suffix(1)).c_str(),
                               PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1;
}

}  // namespace dcv::dns
