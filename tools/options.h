#pragma once
// The options common to all tools, one spelling everywhere; from the command line, the
// environment (DCV_TIMEOUT=10) and a configuration file, in this order of precedence.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "check/rounds.h"
#include "delegate_options.h"
#include "env.h"
#include "observe/observation.h"
#include "order_options.h"
#include "plugin_options.h"
#include "report/render.h"

namespace boost::program_options {
class options_description;
class variables_map;
}  // namespace boost::program_options

namespace dcv::tools {

// Options that one tool has for itself; `read` throws UsageError for values that they do not take.
struct OwnOptions {
  std::function<void(boost::program_options::options_description&)> add = {};
  std::function<void(const boost::program_options::variables_map&)> read = {};
};

// Which groups of options a tool takes.
struct OptionGroups {
  bool network =
      false;  // -4, -6, --timeout, --query-timeout, --root-hints, --trust-anchor, --allow-private,
              // --save, --progress
  bool ca = false;           // --ca, --ca-profiles, --account-uri
  bool ca_eye = false;       // --no-ca-eye
  bool expect = false;       // --expect
  bool method = false;       // --method, --at
  bool file = false;         // --path, --https
  bool order = false;        // --order, --csr
  bool report = false;       // --format, -q, -v
  bool trace = false;        // --servers
  bool replay = false;       // --trace, --propagation
  bool public_eye = false;   // --resolvers and how they are asked
  bool public_wish = false;  // --public: whether they are asked at all
  bool propagation = false;  // --type, --wait and what belongs to it; --expect takes any text
  bool matrix = false;       // --only, --all
  bool explain = false;      // --list, --symptom
  bool now = false;          // --now
  bool goes_on = false;      // one that looks again and again: no --save and --progress
  bool delegate = false;     // those of dcv-delegate
  bool plugin = false;       // -H and those of PluginOptions; none for terminals and files
};

struct ToolUsage {
  std::string synopsis;  // "NAME..."
  std::string summary;   // what the tool answers, one or two sentences
  std::string examples;  // lines
  OptionGroups groups;
  std::size_t least = 1;  // positional arguments
  std::size_t most = 1000;
  OwnOptions own = {};
  std::string statuses = {};  // a sentence on 0 to 3; empty: those of the groups
};

// Which resolvers are asked, and how.
struct PublicOptions {
  std::vector<std::string> resolvers;     // words and files; empty: @core
  std::optional<observe::Transport> via;  // of the listed ones; empty: the first they offer
  std::string resolv_conf;                // empty: the machine's own
  bool ask_anyway = false;
  std::optional<dns::ClientSubnet> client_subnet;
  int samples = 3;
};

struct Options {
  std::vector<std::string> positional;
  report::Format format = report::Format::text;
  bool format_is_inherited = false;  // from the environment or the configuration file
  std::vector<std::string> expect;
  std::string method;  // empty: dns-01
  std::string at;      // where the CA wants the record; empty: by its rules
  std::string path;    // of the file that the CA fetches; empty: by the method
  OrderOptions order;
  bool https = false;        // the file of http-file is fetched over TLS
  std::string output;        // empty: standard output
  std::string save;          // empty: not saved
  std::string root_hints;    // empty: built in
  std::string trust_anchor;  // empty: built in
  bool ca_eye = false;
  std::vector<std::string> cas;
  std::string ca_profiles;  // empty: only the shipped ones
  std::string providers;    // a table of one's own; empty: only the shipped one
  std::vector<std::string> account_uris;
  std::optional<double> now;  // Unix seconds
  observe::Settings settings;
  bool color = false;
  int verbosity = 0;
  std::size_t width = 0;        // of the terminal; 0: the output is none
  bool progress = false;        // on a terminal
  bool progress_lines = false;  // a line a round where it is none
  bool servers = false, trace = false, list = false;
  std::optional<std::string> symptom;   // a pasted message; "-": on standard input
  bool propagation = false;             // of dcv-replay: the matrix
  std::optional<dns::RecordType> type;  // empty: TXT at the validation name
  std::vector<check::Eye> only;         // empty: all
  bool all = false;                     // every line of the matrix
  PublicOptions public_eye;
  bool ask_public = false;               // of dcv-preflight
  std::optional<check::WaitRules> wait;  // empty: look once
  DelegateOptions delegate;
  PluginOptions plugin;
};

// What to do: go on with options, or end now with a status (after --help, --version or a usage
// error, which have been printed).
struct Parsed {
  std::optional<Options> options;
  int status = 0;
};
Parsed parse_options(const ToolUsage& usage, Environment& environment);

// The format, or text where an inherited one is none of those that this output has.
report::Format format_of_text_or_json(const Options& options);

// Prints one sentence as the tool's error; returns kExitUsage. In a monitoring plug-in, which any
// tool is with --format nagios, as a status line, and kExitUnknown.
int usage_error(const Environment& environment, const std::string& sentence);

}  // namespace dcv::tools
