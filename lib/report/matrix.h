#pragma once
// The matrix of dcv-propagation: for people and for programs.

#include <string>

#include "check/propagation.h"
#include "observe/observation.h"
#include "report/render.h"

namespace dcv::report {

// What the document is made of, for one target.
struct Matrix {
  const observe::Observation& observation;
  const observe::Target& target;
  const check::Judgement& judgement;
  const check::Propagation& propagation;
};

std::string render_matrix_text(const Matrix& matrix, const Style& options);
// One document, kind "dcv-propagation": docs/propagation-format.md.
std::string render_matrix_json(const Matrix& matrix, const std::string& tool);

}  // namespace dcv::report
