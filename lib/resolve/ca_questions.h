#pragma once
// What the CA eye asks: which question from which perspective for which profile. Pure.

#include <vector>

#include "observe/observation.h"
#include "resolve/collect.h"

namespace dcv::resolve {

struct CaQuestion {
  observe::CaProfile profile;
  int perspective = 0;
  dns::Question question;
};

// For profiles whose resolvers are alike only the first one's asks. Its primary perspective asks
// for the proof of each target and for CAA from there to the top-level domain; the remote ones, as
// many as a quorum has, ask for the proof; the last of them are left out where many names leave no
// room for them in kCaQuestions.
std::vector<CaQuestion> ca_questions(const Plan& plan);

}  // namespace dcv::resolve
