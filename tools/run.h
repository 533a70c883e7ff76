#pragma once
// What the tools share: from options to observation, and from a document to its file.

#include <optional>
#include <string>

#include "env.h"
#include "observe/observation.h"
#include "options.h"
#include "resolve/collect.h"

namespace dcv::tools {

// Collects for every name given. Empty after a usage error, which has been printed; `status` is
// then the exit status. Saves the observation if --save asks for it.
std::optional<observe::Observation> observe_names(const Options& options, Environment& environment,
                                                  int& status);

// The names, methods and CAs that the options ask for. Errors are one sentence.
Result<resolve::Plan> plan_for(const Options& options, const Environment& environment);

// As observe_names() for a plan with targets.
std::optional<observe::Observation> observe_plan(const Options& options, const resolve::Plan& plan,
                                                 Environment& environment, int& status);

// What the options say of how to walk, for a tool that chooses its targets itself.
Result<resolve::Plan> plan_without_targets(const Options& options, const Environment& environment);
// Throws if the files of --save and --output cannot be written: before the walk, so that a slip in
// a path does not cost its result.
void require_writable(const Options& options);
// Writes --save's file, if there is one.
void save(const Options& options, const observe::Observation& observation);

// A whole file; an error names it and says why it cannot be read. "-" is standard input.
Result<std::string> read_file(const std::string& path);

// Writes to standard output or to --output's file. Throws when that fails.
void write_output(const Options& options, Environment& environment, const std::string& document);

}  // namespace dcv::tools
