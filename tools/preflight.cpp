// dcv-preflight: may I ask the CA now?
#include "report/order.h"
#include "report/render.h"
#include "run.h"

namespace dcv::tools {

const char* const kToolName = "dcv-preflight";

int run_tool(Environment& environment) {
  ToolUsage usage;
  usage.synopsis = "NAME... | --order FILE | --csr FILE";
  usage.summary =
      "Says whether a certificate authority would find the domain-control proof of each NAME\n"
      "(host name or wildcard) now, which server or record is in the way, and what mends it.\n"
      "Asks only authoritative servers; with --public also what resolvers show of it.";
  usage.examples =
      "  dcv-preflight www.example.com '*.example.com'\n"
      "  dcv-preflight --expect evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA example.com\n"
      "  dcv-preflight --ca letsencrypt --ca sectigo --ca digicert example.com\n"
      "  dcv-preflight --public --resolvers google,quad9 example.com\n"
      "  dcv-preflight --order order.tsv\n"
      "  dcv-preflight --csr example.csr --ca sectigo --method dns-cname\n"
      "  dcv-preflight --json --save seen.json example.com\n";
  usage.groups = {.network = true,
                  .ca = true,
                  .ca_eye = true,
                  .expect = true,
                  .method = true,
                  .file = true,
                  .order = true,
                  .report = true,
                  .public_eye = true,
                  .public_wish = true,
                  .now = true};
  const Parsed parsed = parse_options(usage, environment);
  if (!parsed.options) return parsed.status;
  const Options& options = *parsed.options;
  int status = 0;
  const auto observation = observe_names(options, environment, status);
  if (!observation) return status;
  const report::Report report = report::make_report(*observation, environment.tool);
  const report::Style style{options.color, options.verbosity, options.width};
  write_output(options, environment,
               options.order.file.empty() ? report::render(report, options.format, style)
                                          : report::render_order(report, options.format, style));
  return check::exit_status(report.verdict);
}

}  // namespace dcv::tools
