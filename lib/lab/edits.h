#pragma once
// Changes to the zones of a scenario before its start, such as the remedies of a report.
// docs/lab.md gives the form.

#include <string>
#include <vector>

#include "lab/scenario.h"

namespace dcv::lab {

struct Edit {
  dns::Name zone;
  std::string server;  // only this server's copy; empty: all copies
  bool add = true;     // false: remove
  dns::Record record;
};

// An error names the line.
Result<std::vector<Edit>> parse_edits(const std::string& text);

// Removals ignore the TTL, and must find their record in at least one copy. A record that is
// there already is not added again.
Result<bool> apply_edits(const std::vector<Edit>& edits, Scenario& scenario);

}  // namespace dcv::lab
