#pragma once
// Which redirects of HTTP a CA follows, and why it refuses the others.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/method.h"
#include "rules/url.h"

namespace dcv::rules {

enum class RedirectPolicy {
  acme,      // Boulder's va/http.go: 301, 302, 307, 308; ports 80 and 443; public hosts
  file,      // BR 3.2.2.4.18: the same statuses; authorized ports
  digicert,  // 301, 302, 307, within one registrable domain
  none,      // Sectigo
};

// `ca` is CaProfile::name; empty: any.
RedirectPolicy redirect_policy(Method method, std::string_view ca);

// Followed by Boulder, as its documentation says; its code lets one more through.
inline constexpr std::size_t kRedirects = 10;
// Bytes of a path (Boulder).
inline constexpr std::size_t kRedirectPath = 2000;

struct RedirectRefusal {
  // "none-followed", "status", "too-many", "unreadable", "scheme", "port", "missing-slash", "host",
  // "reserved-address", "top-level-domain", "path-too-long", "loop", "other-domain"
  std::string reason;
  std::string sentence;  // without a final full stop

  friend bool operator==(const RedirectRefusal&, const RedirectRefusal&) = default;
};

// A reply with this status and a header Location leads on; others are the end of the way.
bool is_redirect(int status);

// Why a CA does not go on from the last of `way` (the URLs asked for so far, at least one), which
// replied with this status and Location. Nothing when it does.
std::optional<RedirectRefusal> redirect_refusal(const std::vector<Url>& way, int status,
                                                std::string_view location, RedirectPolicy policy);

}  // namespace dcv::rules
