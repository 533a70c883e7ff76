// dcv-explain: what does this finding mean?
#include "check/catalogue.h"
#include "report/catalogue_json.h"
#include "report/pages.h"
#include "run.h"

namespace dcv::tools {
namespace {

std::string list_text() {
  std::string text;
  for (const check::FindingKind* kind : check::kinds()) {
    std::string id(kind->id);
    id.resize(std::max<std::size_t>(id.size() + 2, 40), ' ');
    std::string severity(check::text(kind->severity));
    severity.resize(9, ' ');
    text += id + severity + std::string(kind->message) + "\n";
  }
  return text;
}

std::string unknown_id(const std::string& id) {
  std::string sentence = "there is no finding \"" + id + "\"";
  const auto near = check::near_ids(id);
  for (std::size_t i = 0; i < near.size(); ++i)
    sentence += (i == 0 ? "; near: " : ", ") + std::string(near[i]);
  return sentence + " (--list shows all)";
}

}  // namespace

const char* const kToolName = "dcv-explain";

int run_tool(Environment& environment) {
  ToolUsage usage;
  usage.synopsis = "ID | --list";
  usage.summary = "Explains a finding: what was seen, why it matters, how to see it and mend it.";
  usage.examples =
      "  dcv-explain alias-loop\n"
      "  dcv-explain --list\n";
  usage.groups = {.explain = true};
  usage.most = 1;
  const Parsed parsed = parse_options(usage, environment);
  if (!parsed.options) return parsed.status;
  const Options& options = *parsed.options;
  const bool json = options.format == report::Format::json;
  if (options.list) {
    write_output(options, environment, json ? report::catalogue_json() : list_text());
    return 0;
  }
  const std::string& id = options.positional.front();
  const check::FindingKind* kind = check::find_kind(id);
  if (!kind) return usage_error(environment, unknown_id(id));
  write_output(options, environment,
               json ? report::finding_json(*kind) : std::string(report::page(id)));
  return 0;
}

}  // namespace dcv::tools
