// Names and values of the options of dcv-delegate, and which of them go together.
#include "delegate_options.h"

#include <boost/program_options.hpp>

#include "value_options.h"

namespace dcv::tools {

namespace po = boost::program_options;

namespace {

using Texts = std::vector<std::string>;

// Of the ways in which records can be told, at most one is meant.
void refuse_mixtures(const DelegateOptions& options) {
  const bool to = !options.to.empty(), csr = !options.csr.empty();
  if (to && csr) throw UsageError("--to and --csr exclude each other");
  if (options.ns && (to || csr))
    throw UsageError(std::string("--ns and ") + (to ? "--to" : "--csr") + " exclude each other");
  if (options.ns && options.name_servers.empty())
    throw UsageError("--ns needs the zone's servers: --nameserver HOST, once for each");
  if (!options.ns && !to && !options.name_servers.empty())
    throw UsageError("--nameserver goes with --ns or --to acme-dns only");
  if (!to && !options.ids.empty()) throw UsageError("--id goes with --to only");
  if (options.at.empty() != options.target.empty())
    throw UsageError(std::string(options.at.empty() ? "--target" : "--at") + " needs " +
                     (options.at.empty() ? "--at OWNER" : "--target TARGET") +
                     " too, as the provider shows them");
  if (!options.at.empty() && options.to.size() != 1)
    throw UsageError("--at and --target go with one --to");
  if (!csr && !options.unique.empty()) throw UsageError("--unique goes with --csr only");
  if (!csr && options.https) throw UsageError("--https goes with --csr only");
  if (!csr && !options.method.empty())
    throw UsageError("--method goes with --csr only; a delegation is for dns-01");
  if (csr && options.verify)
    throw UsageError("--verify is for delegations; for a CSR's tokens ask dcv-preflight");
}

}  // namespace

void add_delegate_options(po::options_description& options) {
  auto add = options.add_options();
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  const auto texts = [](const char* name) { return po::value<Texts>()->value_name(name); };
  add("to", texts("PROVIDER"), "print the records that delegate to PROVIDER; --list shows all");
  add("id", texts("ID"), "what PROVIDER calls this account, service or registration");
  add("at", text("OWNER"), "for a provider that shows both names: the record's own");
  add("target", text("TARGET"), "and where it leads");
  add("ns", po::bool_switch(), "print the records that make the validation name a zone of its own");
  add("nameserver", texts("HOST"), "a server of that zone, or of a self-hosted acme-dns");
  add("address", texts("ADDRESS"),
      "of a server within the zone; HOST=ADDRESS where there are several");
  add("zone", text("APEX"), "where the records go; default: the registrable domain");
  add("csr", text("FILE"),
      "print the tokens that --ca sectigo or zerossl computes from the CSR in FILE");
  add("method", text("METHOD"), "of these tokens: dns-cname (default) or http-file");
  add("https", po::bool_switch(),
      "for http-file: the CA fetches it over TLS from port 443 (Sectigo's HTTPSCSRHASH)");
  add("unique", text("VALUE"), "their unique value, for a second order with the same CSR");
  add("verify", po::bool_switch(), "check what is published, before any order");
  add("list", po::bool_switch(), "list the providers");
}

DelegateOptions read_delegate_options(const po::variables_map& values) {
  DelegateOptions options;
  options.to = get<Texts>(values, "to", {});
  options.ids = get<Texts>(values, "id", {});
  options.at = text_of(values, "at");
  options.target = text_of(values, "target");
  options.ns = get(values, "ns", false);
  options.name_servers = get<Texts>(values, "nameserver", {});
  options.addresses = get<Texts>(values, "address", {});
  options.zone = text_of(values, "zone");
  options.csr = text_of(values, "csr");
  options.method = text_of(values, "method");
  options.unique = text_of(values, "unique");
  options.https = get(values, "https", false);
  options.verify = get(values, "verify", false);
  refuse_mixtures(options);
  return options;
}

}  // namespace dcv::tools
