#pragma once
// From names and methods to what a run looks for.

#include <string>
#include <vector>

#include "options.h"
#include "resolve/collect.h"

namespace dcv::tools {

// One name to certify and how; as NAME or NAME=METHOD on the command line.
struct Wish {
  std::string name;
  std::string method;                 // empty: --method
  std::string owner;                  // empty: --at
  std::string label;                  // of a token's record, at every name that the CA asks; empty:
                                      // by the CA's rules
  std::string path;                   // empty: --path
  std::vector<std::string> expected;  // empty: --expect
  std::string ca;                     // of the run's profiles; empty: all of them
  std::string every;                  // as in rules::OrderLine
  std::string csr_key, previous_csr_key;  // as in Target
  std::vector<std::string> csr_other_names;
};

// "NAME" or "NAME=METHOD".
Wish wish_of(const std::string& text);

// Errors say which name cannot be validated as wished, and why.
Result<std::vector<resolve::PlannedTarget>> targets_of(
    const std::vector<Wish>& wishes, const Options& options,
    const std::vector<observe::CaProfile>& profiles);

}  // namespace dcv::tools
