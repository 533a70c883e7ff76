// From arguments and environment to options, or to help.
#include "exporter_options.h"

#include <boost/program_options.hpp>

#include "exporter_config.h"
#include "lasting_options.h"
#include "value_options.h"

namespace dcv::probes {
namespace {

namespace po = boost::program_options;

constexpr const char* kUsage = R"(Usage: dcv-exporter [options]
       dcv-exporter [options] --textfile FILE NAME...

Tells Prometheus whether a certificate authority would find the domain-control proof of a name:
GET /probe?target=NAME&module=MODULE. With --textfile it writes the metrics of the NAMEs once, for
the textfile collector of node_exporter.

  --listen ADDRESS:PORT    where to listen (default: 127.0.0.1:9947); may be repeated
  --config FILE            modules and limits, in YAML (default: one module, dns-01)
  --web.config.file FILE   TLS and passwords, as for other exporters (default: neither)
  --config.check           say whether the files can be used, and end
  --timeout-offset SECONDS how long before the end of a scrape its probe ends (default: 0.5)
  --textfile FILE          write the metrics of the NAMEs to FILE, atomically, and end
  --module MODULE          for --textfile: the module to probe with (default: dns-01)
  --root-hints FILE        root servers, in the format of named.root, for modules without their own
  --trust-anchor FILE      keys of the root, the same; nothing is validated if FILE is empty
  -h, --help               print this and exit
  -V, --version            print the version and exit

The last two files may also be named in the environment (DCV_ROOT_HINTS, DCV_TRUST_ANCHOR).
SIGHUP and POST /-/reload read both configurations again, SIGTERM ends the exporter.
The exit status is 0, 64 for a usage error or a file that cannot be used, 70 for an internal error.
)";

constexpr int kStyle =
    po::command_line_style::allow_long | po::command_line_style::allow_short |
    po::command_line_style::long_allow_adjacent | po::command_line_style::long_allow_next |
    po::command_line_style::short_allow_next | po::command_line_style::allow_dash_for_short;

void add_files(po::options_description& options) {
  options.add_options()("root-hints", po::value<std::string>())("trust-anchor",
                                                                po::value<std::string>());
}

po::options_description all_options() {
  po::options_description options;
  auto add = options.add_options();
  add("help,h", po::bool_switch());
  add("version,V", po::bool_switch());
  add("listen", po::value<std::vector<std::string>>());
  add("config", po::value<std::string>());
  add("web.config.file", po::value<std::string>());
  add("config.check", po::bool_switch());
  add("timeout-offset", po::value<std::string>());
  add("textfile", po::value<std::string>());
  add("module", po::value<std::string>());
  add("name", po::value<std::vector<std::string>>());
  add_files(options);
  return options;
}

double offset_of(const po::variables_map& values) {
  const std::string text = tools::text_of(values, "timeout-offset");
  if (text.empty()) return ExporterOptions().timeout_offset;
  std::size_t end = 0;
  double seconds = -1;
  try {
    seconds = std::stod(text, &end);
  } catch (const std::logic_error&) {
    end = 0;
  }
  constexpr double kMost = 60;
  if (end != text.size() || !(seconds >= 0 && seconds <= kMost))
    throw tools::UsageError("--timeout-offset takes seconds from 0 to 60, not \"" + text + "\"");
  return seconds;
}

ExporterOptions read(const po::variables_map& values) {
  ExporterOptions options;
  for (const std::string& text :
       tools::get<std::vector<std::string>>(values, "listen", {"127.0.0.1:9947"})) {
    const Result<ListenAddress> address = parse_listen_address(text);
    if (!address) throw tools::UsageError("--listen: " + address.error());
    options.listen.push_back(*address);
  }
  options.config = tools::text_of(values, "config");
  options.web_config = tools::text_of(values, "web.config.file");
  options.check = values["config.check"].as<bool>();
  options.timeout_offset = offset_of(values);
  options.textfile = tools::text_of(values, "textfile");
  options.module = tools::text_of(values, "module");
  options.names = tools::get<std::vector<std::string>>(values, "name", {});
  options.root_hints = tools::text_of(values, "root-hints");
  options.trust_anchor = tools::text_of(values, "trust-anchor");
  if (options.textfile.empty() && !options.names.empty())
    throw tools::UsageError("NAMEs go with --textfile; to serve, Prometheus gives the names");
  if (options.textfile.empty() && !options.module.empty())
    throw tools::UsageError("--module goes with --textfile; to serve, Prometheus gives the module");
  if (!options.textfile.empty() && options.names.empty())
    throw tools::UsageError("--textfile needs at least one NAME");
  if (options.module.empty()) options.module = kDefaultModule;
  return options;
}

ExporterOptions parse(const tools::Environment& environment, bool& help, bool& version) {
  const po::options_description known = all_options();
  po::positional_options_description positional;
  positional.add("name", -1);
  po::variables_map values;
  po::store(po::command_line_parser(environment.arguments)
                .options(known)
                .positional(positional)
                .style(kStyle)
                .run(),
            values);
  help = values["help"].as<bool>();
  version = values["version"].as<bool>();
  if (help || version) return {};
  po::options_description files;
  add_files(files);
  tools::Places places;
  tools::read_environment(files, values, places);
  return read(values);
}

}  // namespace

ParsedExporter parse_exporter_options(tools::Environment& environment) {
  bool help = false, version = false;
  try {
    ExporterOptions options = parse(environment, help, version);
    if (!help && !version) return {std::move(options), 0};
    if (help) environment.out << kUsage;
    if (version && !help)
      environment.out << environment.tool << " (dcvtools) " << DCV_VERSION << "\n";
    return {std::nullopt, 0};
  } catch (const po::unknown_option& error) {
    environment.err << environment.tool << ": there is no option "
                    << dns::quoted(error.get_option_name()) << " (--help lists all)\n";
  } catch (const po::error& error) {
    environment.err << environment.tool << ": " << error.what() << "\n";
  } catch (const tools::UsageError& error) {
    environment.err << environment.tool << ": " << error.what() << "\n";
  }
  return {std::nullopt, tools::kExitUsage};
}

}  // namespace dcv::probes
