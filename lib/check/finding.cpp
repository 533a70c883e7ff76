// The words for severity and affected party, as they stand in reports.
#include "check/finding.h"

namespace dcv::check {

std::string_view text(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::notice:
      return "notice";
    case Severity::info:
      return "info";
  }
  return "error";
}

std::string_view text(Affects affects) {
  switch (affects) {
    case Affects::ca:
      return "ca";
    case Affects::client:
      return "client";
    case Affects::hygiene:
      return "hygiene";
  }
  return "ca";
}

}  // namespace dcv::check
