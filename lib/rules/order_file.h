#pragma once
// A file that lists the names of one order, each with the way its control is shown.
// docs/order-format.md describes it. Knows no network and no CA.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dns/result.h"

namespace dcv::rules {

// A certificate has at most 100 names at most CAs, 1000 at a few; more is another kind of file.
struct OrderBounds {
  std::size_t lines = 1000;
  std::size_t bytes = 1 << 20;
  bool every = false;  // a line may say how often its name is looked at
};

// What is not given is empty.
struct OrderLine {
  std::string name;                   // as a CA prints it, "*." included
  std::string method;                 // as rules::parse_method takes it
  std::string ca;                     // as written
  std::vector<std::string> expected;  // each of them must be there
  std::string owner;                  // where the CA wants the record, when it said
  std::string every;                  // the time from one look to the next, as written
  int line = 0;                       // in the file; in JSON, which entry, from 1
};

// JSON, or lines of fields separated by tabs below a line that names the columns. At least one
// line. An error begins with `where`, the file's name, and says which line or entry is wrong.
Result<std::vector<OrderLine>> parse_order(std::string_view text, const std::string& where,
                                           const OrderBounds& bounds = {});

}  // namespace dcv::rules
