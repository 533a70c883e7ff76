// Runs one survey to its end.
#include "resolve/collect.h"

#include "resolve/survey.h"

namespace dcv::resolve {

observe::Observation collect(const Plan& plan, net::Transport& transport) {
  Survey survey(plan, transport);
  survey.start();
  do {
    transport.run();
  } while (survey.release_stuck());
  return survey.finish();
}

}  // namespace dcv::resolve
