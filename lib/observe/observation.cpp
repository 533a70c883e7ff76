// The words for the values of an observation, as saved in JSON and shown to people.
#include "observe/observation.h"

namespace dcv::observe {

std::string_view text(HostState value) {
  switch (value) {
    case HostState::found:
      return "found";
    case HostState::glue_only:
      return "glue_only";
    case HostState::alias:
      return "alias";
    case HostState::nxdomain:
      return "nxdomain";
    case HostState::nodata:
      return "nodata";
    case HostState::unresolved:
      return "unresolved";
    case HostState::circular:
      return "circular";
  }
  return "";
}

std::string_view text(StepEnd value) {
  switch (value) {
    case StepEnd::alias:
      return "alias";
    case StepEnd::answer:
      return "answer";
    case StepEnd::nodata:
      return "nodata";
    case StepEnd::nxdomain:
      return "nxdomain";
    case StepEnd::no_usable_reply:
      return "no_usable_reply";
    case StepEnd::loop:
      return "loop";
    case StepEnd::limit:
      return "limit";
  }
  return "";
}

}  // namespace dcv::observe
