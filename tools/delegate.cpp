// dcv-delegate: which record do I publish to delegate, CNAME or NS, and is it right?
#include "report/delegate.h"
#include "ca.h"
#include "check/advice.h"
#include "delegate_plan.h"
#include "delegate_verify.h"
#include "run.h"

namespace dcv::tools {

const char* const kToolName = "dcv-delegate";

namespace {

int show_forms(const Options& options, Environment& environment,
               const report::DelegationForms& forms) {
  const bool json = options.format == report::Format::json;
  write_output(
      options, environment,
      json ? report::render_forms_json(forms, environment.tool) : report::render_forms_text(forms));
  return 0;
}

int list_providers(const Options& options, Environment& environment, const rules::Providers& own) {
  const bool json = options.format == report::Format::json;
  write_output(options, environment,
               json ? report::render_providers_json(own) : report::render_providers_text(own));
  return 0;
}

int advise(const Options& options, Environment& environment) {
  const auto identifiers = identifiers_of(options);
  if (!identifiers) return usage_error(environment, identifiers.error());
  int status = 0;
  const auto observation = observe_names(options, environment, status);
  if (!observation) return status;
  const auto advised = check::advise(*observation, check::evaluate(*observation));
  const bool json = options.format == report::Format::json;
  const report::Style style{options.color, options.verbosity, options.width};
  write_output(options, environment,
               json ? report::render_advice_json(advised, observation->started_at, environment.tool)
                    : report::render_advice_text(advised, observation->stats, style));
  for (const check::Advised& each : advised)
    if (!each.judged) status = kExitUnknown;
  return status;
}

int verify(const Options& options, Environment& environment, const report::DelegationForms& forms) {
  const Result<resolve::Plan> plan = verify_plan(options, environment, forms);
  if (!plan) return usage_error(environment, plan.error());
  int status = 0;
  const auto observation = observe_plan(options, *plan, environment, status);
  if (!observation) return status;
  const report::Report report = report::make_report(*observation, environment.tool);
  write_output(
      options, environment,
      report::render(report, options.format, {options.color, options.verbosity, options.width}));
  return check::exit_status(report.verdict);
}

ToolUsage usage_text() {
  ToolUsage usage;
  usage.synopsis = "NAME... | --csr FILE | --list";
  usage.summary =
      "Prints the records that delegate the validation of each NAME to a provider (--to) or to\n"
      "name servers of one's own (--ns), or the tokens for a CSR, asking nobody; checks what is\n"
      "published (--verify); without any of these says whether and how to delegate.";
  usage.examples =
      "  dcv-delegate --to cloudflare --id 8a602f2b29d92dc2 app.example.com\n"
      "  dcv-delegate --verify --to cloudflare --id 8a602f2b29d92dc2 app.example.com\n"
      "  dcv-delegate --ns --nameserver ns1.example.net --nameserver ns2.example.net example.com\n"
      "  dcv-delegate --csr example.csr --ca sectigo --method dns-cname\n"
      "  dcv-delegate app.example.com '*.example.com'\n";
  usage.groups = {
      .network = true, .ca = true, .ca_eye = true, .report = true, .now = true, .delegate = true};
  usage.least = 0;
  return usage;
}

}  // namespace

int run_tool(Environment& environment) {
  const ToolUsage usage = usage_text();
  const Parsed parsed = parse_options(usage, environment);
  if (!parsed.options) return parsed.status;
  Options options = *parsed.options;
  if (!options.delegate.verify) options.format = format_of_text_or_json(options);
  const DelegateOptions& delegate = options.delegate;
  const Result<rules::Providers> own = own_providers(options.providers);
  if (!own) return usage_error(environment, own.error());
  if (options.list) return list_providers(options, environment, *own);
  if (delegate.csr.empty() == options.positional.empty())
    return usage_error(environment, delegate.csr.empty()
                                        ? "usage: dcv-delegate [options] NAME... (--help says more)"
                                        : "--csr brings the names itself; leave out NAME");
  const bool wish = !delegate.csr.empty() || !delegate.to.empty() || delegate.ns;
  if (!delegate.verify && options.format != report::Format::text &&
      options.format != report::Format::json)
    return usage_error(environment, "records and advice are told as text or json");
  if (!wish) {
    return delegate.verify ? verify(options, environment, {}) : advise(options, environment);
  }
  auto made = delegate.csr.empty() ? forms_of(options, *own) : tokens_of(options);
  if (!made) return usage_error(environment, made.error());
  if (delegate.verify) return verify(options, environment, *made);
  report::DelegationForms forms = std::move(made).value();
  if (delegate.csr.empty()) forms.next = verify_command(options, forms);
  return show_forms(options, environment, forms);
}

}  // namespace dcv::tools
