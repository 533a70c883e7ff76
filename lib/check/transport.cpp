// The family "transport": the order of its checks.
#include "check/transport.h"

#include <stdexcept>

namespace dcv::check {
namespace transport {

const FindingKind& kind(std::string_view id) {
  for (const FindingKind& each : kKinds)
    if (each.id == id) return each;
  throw std::logic_error("no such row: " + std::string(id));
}

namespace {

void check(const Case& test, std::vector<Finding>& findings) {
  check_run(test, findings);
  check_servers(test, findings);
  check_size(test, findings);
}

}  // namespace
}  // namespace transport

const Family kTransportFamily{"transport", transport::kKinds, transport::check};

}  // namespace dcv::check
