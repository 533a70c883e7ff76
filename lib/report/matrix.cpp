// Judges the targets of an observation for the matrix.
#include "report/matrix.h"

namespace dcv::report {

Propagations propagations_of(const observe::Observation& observation,
                             const std::vector<check::Deadlines>& earlier) {
  Propagations result;
  result.observation = &observation;
  const std::vector<check::Judgement> judgements = check::evaluate(observation);
  const observe::CaProfile profile =
      observation.profiles.empty() ? observe::default_profile() : observation.profiles.front();
  const check::Overview overview(observation);
  const std::size_t each =
      observation.targets.empty() ? 1 : judgements.size() / observation.targets.size();
  for (std::size_t i = 0; i < observation.targets.size(); ++i) {
    Matrix matrix;
    matrix.target = &observation.targets[i];
    matrix.judgement = judgements[i * each];
    matrix.propagation = check::propagation_of(
        {observation, *matrix.target, profile, overview}, matrix.judgement.findings,
        i < earlier.size() ? earlier[i] : check::Deadlines{});
    const check::Verdict verdict = matrix.propagation.verdict;
    result.verdict = i == 0 ? verdict : check::worse(result.verdict, verdict);
    result.matrices.push_back(std::move(matrix));
  }
  return result;
}

}  // namespace dcv::report
