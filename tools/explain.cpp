// dcv-explain: what does this finding, or this message of a client or a CA, mean?
#include <algorithm>
#include <cctype>

#include "check/catalogue.h"
#include "report/catalogue_json.h"
#include "report/pages.h"
#include "report/symptoms.h"
#include "rules/symptoms.h"
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

// "warning[alias-loop]: …", as a report prints it, in any case.
std::string id_in(const std::string& text) {
  const std::size_t open = text.find('['),
                    close = text.find(']', open == std::string::npos ? 0 : open);
  const bool in_brackets = open != std::string::npos && close != std::string::npos;
  std::string id = in_brackets ? text.substr(open + 1, close - open - 1) : text;
  std::ranges::transform(id, id.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return id;
}

std::string unknown_id(const std::string& id) {
  std::string sentence = "there is no finding \"" + id + "\"";
  const auto near = check::near_ids(id);
  for (std::size_t i = 0; i < near.size(); ++i)
    sentence += (i == 0 ? "; near: " : ", ") + std::string(near[i]);
  return sentence + " (--list shows all)";
}

// Status 3, as for everything that could not be judged.
int unknown_message(const std::string& text, const Environment& environment) {
  std::string sentence = "this is no message that it knows";
  const char* before = "; near: ";
  for (const rules::Symptom* each : rules::near_symptoms(text)) {
    sentence += before + each->program + ": \"" + each->example + "\"";
    before = ", ";
  }
  environment.err << environment.tool << ": " << sentence
                  << " (dcv-preflight NAME tells what is wrong without a message)\n";
  return kExitUnknown;
}

int explain_message(const Options& options, Environment& environment, bool json) {
  const Result<std::string> text =
      *options.symptom == "-" ? read_file("-") : Result<std::string>(*options.symptom);
  if (!text) return usage_error(environment, text.error());
  if (std::ranges::all_of(*text, [](unsigned char byte) { return byte <= ' '; }))
    return usage_error(environment, "--symptom needs the text of a message");
  const auto readings = rules::read_messages(*text);
  if (readings.empty()) return unknown_message(*text, environment);
  write_output(options, environment,
               json ? report::render_symptoms_json(readings)
                    : report::render_symptoms_text(readings, options.width));
  return 0;
}

}  // namespace

const char* const kToolName = "dcv-explain";

int run_tool(Environment& environment) {
  ToolUsage usage;
  usage.synopsis = "ID | --list | --symptom TEXT";
  usage.summary =
      "Explains a finding: what was seen, why it matters, how to see it and mend it; or what an\n"
      "ACME client or a CA printed.";
  usage.examples =
      "  dcv-explain alias-loop\n"
      "  dcv-explain --list\n"
      "  dcv-explain --symptom 'No TXT record found at _acme-challenge.shop.example'\n";
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
  if (options.symptom) return explain_message(options, environment, json);
  const std::string id = id_in(options.positional.front());
  const check::FindingKind* kind = check::find_kind(id);
  if (!kind) return usage_error(environment, unknown_id(id));
  write_output(options, environment,
               json ? report::finding_json(*kind) : std::string(report::page(id)));
  return 0;
}

}  // namespace dcv::tools
