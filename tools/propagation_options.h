#pragma once
// The options of the public eye, of the matrix and of waiting: their tables, and what they mean.

#include "options.h"

namespace boost::program_options {
class options_description;
class variables_map;
}  // namespace boost::program_options

namespace dcv::tools {

void add_public_options(boost::program_options::options_description& options);
void add_matrix_options(boost::program_options::options_description& options);
void add_propagation_options(boost::program_options::options_description& options);

// These throw UsageError.
PublicOptions read_public_options(const boost::program_options::variables_map& values);
std::vector<check::Eye> read_only(const boost::program_options::variables_map& values);
std::optional<dns::RecordType> read_type(const boost::program_options::variables_map& values);
std::optional<check::WaitRules> read_wait(const boost::program_options::variables_map& values);

}  // namespace dcv::tools
