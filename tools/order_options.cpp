// Names and values of the options about an order, and which of them go together.
#include "order_options.h"

#include <boost/program_options.hpp>

#include "rules/sectigo.h"
#include "value_options.h"

namespace dcv::tools {

namespace po = boost::program_options;

void add_order_options(po::options_description& options) {
  auto add = options.add_options();
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  add("order", text("FILE"),
      "check all names of the order in FILE, each with its method, CA and expected values");
  add("csr", text("FILE"),
      "the CSR of the order, PEM or DER: its names if no NAME is given, and the values that "
      "Sectigo computes from it");
  add("previous-csr", text("FILE"), "the CSR of the certificate that is issued anew");
  add("unique", text("VALUE"), "of Sectigo's values, for a second order with the same CSR");
}

OrderOptions read_order_options(const po::variables_map& values, bool named) {
  OrderOptions options;
  options.file = text_of(values, "order");
  options.csr = text_of(values, "csr");
  options.previous_csr = text_of(values, "previous-csr");
  options.unique = text_of(values, "unique");
  if (named && !options.file.empty()) throw UsageError("--order and NAME exclude each other");
  if (options.csr.empty() && !options.previous_csr.empty())
    throw UsageError("--previous-csr goes with --csr only");
  if (options.csr.empty() && !options.unique.empty())
    throw UsageError("--unique goes with --csr only");
  if (const std::string fault = rules::unique_value_fault(options.unique); !fault.empty())
    throw UsageError("--unique: " + fault);
  return options;
}

}  // namespace dcv::tools
