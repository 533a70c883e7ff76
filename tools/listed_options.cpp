// Names, values and descriptions of options, by group.
#include "listed_options.h"

#include <boost/program_options.hpp>

#include "ca.h"
#include "delegate_options.h"
#include "propagation_options.h"

namespace dcv::tools {

namespace po = boost::program_options;

po::options_description call_options(const OptionGroups& groups) {
  po::options_description options("Options");
  auto add = options.add_options();
  add("help,h", po::bool_switch(), "print this and exit");
  add("version,V", po::bool_switch(), "print the version and exit");
  if (groups.plugin) {
    add_plugin_options(options);
  } else {
    add("json", po::bool_switch(), groups.report ? "the same as --format json" : "print JSON");
    add("output", po::value<std::string>()->value_name("FILE"), "write to FILE, not to stdout");
  }
  add("config", po::value<std::string>()->value_name("FILE"),
      "read options from FILE (default: dcvtools/config in $XDG_CONFIG_HOME or ~/.config)");
  if (groups.propagation) add_propagation_options(options);
  if (groups.delegate) add_delegate_options(options);
  if (groups.public_wish)
    add("public", po::bool_switch(),
        "then also ask public resolvers and this machine's own, if the authorities agree");
  if (groups.expect)
    add("expect", po::value<std::vector<std::string>>()->value_name("VALUE"),
        groups.method ? "what must be there for every NAME: TXT value, CNAME target, file content; "
                        "may be repeated"
                      : "a TXT value that must be there for every NAME; may be repeated");
  if (groups.method) {
    add("method", po::value<std::string>()->value_name("METHOD"),
        "how the CA validates: dns-01 (default), dns-account-01, dns-persist-01, dns-txt, "
        "dns-cname, http-01, http-file, tls-alpn-01 or email; NAME=METHOD says it for one name");
    add("at", po::value<std::string>()->value_name("OWNER"),
        "where the CA wants the record of dns-txt or dns-cname");
  }
  if (groups.file) {
    add("path", po::value<std::string>()->value_name("PATH"),
        "of the file that the CA fetches for http-01 or http-file");
    add("https", po::bool_switch(),
        "for http-file: the CA fetches it over TLS from port 443, as for Sectigo's HTTPSCSRHASH");
  }
  if (groups.order) add_order_options(options);
  if (groups.network && !groups.goes_on)
    add("save", po::value<std::string>()->value_name("FILE"),
        "save everything seen, for dcv-replay and bug reports");
  if (groups.now)
    add("now", po::value<std::string>()->value_name("TIME"),
        "judge by this clock: RFC 3339 or Unix seconds");
  if (groups.trace || groups.replay)
    add("servers", po::bool_switch(), "with every server, its state and its round trip");
  if (groups.replay) {
    add("trace", po::bool_switch(), "show the walk as dcv-trace does");
    add("propagation", po::bool_switch(), "show the matrix as dcv-propagation does");
  }
  if (groups.matrix) add_matrix_options(options);
  if (groups.explain) {
    add("list", po::bool_switch(), "list all findings");
    add("symptom", po::value<std::string>()->value_name("TEXT"),
        "what an ACME client or a CA printed: who failed, what is likely behind it, what to run; "
        "- for standard input");
  }
  if (groups.report || groups.propagation) {
    add("quiet,q", po::bool_switch(), "verdicts only");
    add("verbose,v", po::bool_switch(), "all evidence");
  }
  return options;
}

po::options_description lasting_options(const OptionGroups& groups) {
  po::options_description options("Options that may also stand in the configuration file");
  auto add = options.add_options();
  if (!groups.plugin)
    add("color", po::value<std::string>()->value_name("WHEN")->default_value("auto"),
        "auto, always or never; NO_COLOR is respected");
  if (groups.report)
    add("format", po::value<std::string>()->value_name("FORMAT")->default_value("text"),
        "text, json, html, nagios or openmetrics");
  if (groups.ca) {
    const std::string names =
        "judge for this CA: " + shipped_profile_names() +
        ", or one of --ca-profiles; may be repeated; default: " +
        (groups.replay ? "those of the run" : observe::default_profile().name);
    add("ca", po::value<std::vector<std::string>>()->value_name("NAME"), names.c_str());
    add("ca-profiles", po::value<std::string>()->value_name("FILE"),
        "further CA profiles, see docs/ca-profiles.md");
    add("providers", po::value<std::string>()->value_name("FILE"),
        "further providers that validate for others, see docs/providers.md");
    add("account-uri", po::value<std::vector<std::string>>()->value_name("URI"),
        "of the ACME account that will order, for CAA; may be repeated");
  }
  if (groups.network) {
    add("ipv4-only,4", po::bool_switch(), "ask over IPv4 only");
    add("ipv6-only,6", po::bool_switch(), "ask over IPv6 only");
    add(groups.plugin ? "timeout,t" : "timeout",
        po::value<std::string>()->value_name("SECONDS")->default_value("30"),
        groups.plugin        ? "for the whole run, also as 1m; UNKNOWN when it is reached"
        : groups.goes_on     ? "for one look"
        : groups.propagation ? "for the whole run; with --wait for each look"
                             : "for the whole run");
    add("query-timeout", po::value<std::string>()->value_name("SECONDS")->default_value("3"),
        "for one question with all its attempts");
    add("root-hints", po::value<std::string>()->value_name("FILE"),
        "root servers, in the format of named.root");
    add("trust-anchor", po::value<std::string>()->value_name("FILE"),
        "keys of the root, DS or DNSKEY lines in zone-file format (default: those that IANA "
        "publishes); nothing is validated if FILE is empty");
    add("allow-private", po::bool_switch(), "also ask private and reserved addresses");
    if (!groups.plugin && !groups.goes_on)
      add("progress", po::value<std::string>()->value_name("WHEN")->default_value("auto"),
          "auto (on a terminal) or never");
  }
  if (groups.public_eye) add_public_options(options);
  if (groups.ca_eye)
    add("no-ca-eye", po::bool_switch(),
        "do not ask as a CA's resolver does, only server by server");
  return options;
}

}  // namespace dcv::tools
