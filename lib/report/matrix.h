#pragma once
// The matrix of dcv-propagation, who sees the records and who does not: for people and programs.

#include <string>
#include <vector>

#include "check/propagation.h"
#include "check/rounds.h"
#include "observe/observation.h"
#include "report/render.h"

namespace dcv::report {

// One target, judged for the first CA of the observation.
struct Matrix {
  const observe::Target* target = nullptr;  // of the observation
  check::Judgement judgement;
  check::Propagation propagation;
};

struct Propagations {
  const observe::Observation* observation = nullptr;
  std::vector<Matrix> matrices;                      // one a target
  check::Verdict verdict = check::Verdict::unknown;  // the worst
};

// Judges every target. Points into the observation, which must live as long. `earlier`: one a
// target, or none at all.
Propagations propagations_of(const observe::Observation& observation,
                             const std::vector<check::Deadlines>& earlier = {});

struct MatrixStyle {
  Style style = {};
  bool all = false;                   // a line for each row; else those that agree are folded
  std::vector<check::Eye> only = {};  // groups of rows to show; empty: all
};

std::string render_matrix_text(const Propagations& propagations, const MatrixStyle& style);
// Kind "dcv-propagation": docs/propagation-format.md. One document for one target, JSON Lines for
// several or when `in_lines`.
std::string render_matrix_json(const Propagations& propagations, const MatrixStyle& style,
                               const std::string& tool, bool in_lines);

// Where a wait for one target stands after a look.
struct Round {
  int number = 1;
  double at = 0;       // Unix seconds
  double elapsed = 0;  // seconds since the wait began
  double left = 0;     // seconds of patience
  const Matrix& matrix;
  const check::Step& step;
};

// "round 3, 45 s: 3 of 4 … hold it. The authorities again in 5.0 s.", without line end.
std::string render_round_text(const Round& round);
// One line, kind "dcv-propagation-round".
std::string render_round_json(const Round& round, const std::string& tool);

}  // namespace dcv::report
