#pragma once
// The options about a whole order and its CSR: their table, and what they mean.

#include <string>

#include "rules/order_file.h"

namespace boost::program_options {
class options_description;
class variables_map;
}  // namespace boost::program_options

namespace dcv::tools {

struct OrderOptions {
  std::string file;               // --order; empty: NAMEs
  std::string csr, previous_csr;  // files; empty: none
  std::string unique;             // of Sectigo's values; empty: none
  rules::OrderBounds bounds = {};

  // The names may come from elsewhere than the command line.
  bool has_names() const { return !file.empty() || !csr.empty(); }
};

void add_order_options(boost::program_options::options_description& options);
// `named`: there are NAMEs. Throws UsageError.
OrderOptions read_order_options(const boost::program_options::variables_map& values, bool named);

}  // namespace dcv::tools
