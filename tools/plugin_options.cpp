// The options of the guidelines for monitoring plug-ins.
#include "plugin_options.h"

#include <algorithm>
#include <boost/program_options.hpp>

#include "value_options.h"

namespace dcv::tools {

namespace po = boost::program_options;

namespace {

// A switch that may be given several times: its value is how often.
class Counter : public po::value_semantic {
 public:
  std::string name() const override { return ""; }
  unsigned min_tokens() const override { return 0; }
  unsigned max_tokens() const override { return 0; }
  bool is_composing() const override { return false; }
  bool is_required() const override { return false; }
  void parse(boost::any& value, const std::vector<std::string>&, bool) const override {
    const int* count = boost::any_cast<int>(&value);
    value = (count ? *count : 0) + 1;
  }
  bool apply_default(boost::any&) const override { return false; }
  void notify(const boost::any&) const override {}
};

}  // namespace

void add_plugin_options(po::options_description& options) {
  const auto words = [](const char* name) {
    return po::value<std::vector<std::string>>()->value_name(name);
  };
  auto add = options.add_options();
  add("hostname,H", words("NAME"), "the name to check; may be repeated");
  add("warning,w", words("METRIC=RANGE"),
      "WARNING when the number is out of the range [@][start:][end]; may be repeated");
  add("critical,c", words("METRIC=RANGE"), "the same for CRITICAL");
  add("require", words("METRIC"), "UNKNOWN when the number could not be measured; may be repeated");
  add("verbose,v", new Counter,
      "findings below the status line; twice: evidence too; three times: the walk");
  add("format", po::value<std::string>()->value_name("FORMAT")->default_value("nagios"),
      "nagios, checkmk (a local check) or zabbix-lld (discovery, asks nobody)");
  add("exit-ok", po::bool_switch(), "the exit status is 0 whatever was found");
}

PluginOptions read_plugin_options(const po::variables_map& values, bool format_is_inherited) {
  PluginOptions options;
  options.warning = get<std::vector<std::string>>(values, "warning", {});
  options.critical = get<std::vector<std::string>>(values, "critical", {});
  options.require = get<std::vector<std::string>>(values, "require", {});
  options.verbosity = std::min(get(values, "verbose", 0), 3);
  options.exit_ok = get(values, "exit-ok", false);
  const std::string format = text_of(values, "format");
  const bool known = format == "nagios" || format == "checkmk" || format == "zabbix-lld";
  if (!known && !format_is_inherited)
    throw ValueError("format", " takes nagios, checkmk or zabbix-lld, not " + dns::quoted(format));
  if (known) options.format = format;
  return options;
}

}  // namespace dcv::tools
