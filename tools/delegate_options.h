#pragma once
// The options of dcv-delegate: their table, and what they mean.

#include <string>
#include <vector>

#include "dns/name.h"
#include "dns/result.h"
#include "rules/delegation_form.h"

namespace boost::program_options {
class options_description;
class variables_map;
}  // namespace boost::program_options

namespace dcv::tools {

struct DelegateOptions {
  std::vector<std::string> to, ids;  // an id for each provider that wants one, in their order
  std::string at, target;            // as a provider shows them; empty: by its forms
  bool ns = false;
  std::vector<std::string> name_servers, addresses;  // HOST; ADDRESS or HOST=ADDRESS
  std::string zone;                                  // empty: the registrable domain
  std::string csr, unique;                           // a file; empty: none
  bool https = false;                                // of the files for a CSR
  std::string method;                                // of the CSR's tokens; empty: dns-cname
  bool verify = false;
};

void add_delegate_options(boost::program_options::options_description& options);
// Throws UsageError.
DelegateOptions read_delegate_options(const boost::program_options::variables_map& values);

}  // namespace dcv::tools
