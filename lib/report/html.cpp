// The report as one HTML page without scripts or anything to fetch: to attach to a ticket.
#include "report/html.h"

#include "report/formats.h"
#include "report/groups.h"
#include "report/words.h"

namespace dcv::report {
namespace {

std::string escaped(std::string_view text) {
  std::string safe = replaced(printable(text), '&', "&amp;");
  safe = replaced(safe, '<', "&lt;");
  safe = replaced(safe, '>', "&gt;");
  safe = replaced(safe, '"', "&quot;");
  return replaced(safe, '\'', "&#39;");
}

// `content` must be HTML already; `css` is a class of the style sheet.
std::string element(const std::string& tag, const std::string& content, std::string_view css = {}) {
  const std::string attribute = css.empty() ? "" : " class=\"" + std::string(css) + "\"";
  return "<" + tag + attribute + ">" + content + "</" + tag + ">";
}

std::string fact(const std::string& name, const std::string& content) {
  if (content.empty()) return "";
  return "<tr><th scope=\"row\">" + name + "</th>" + element("td", content) + "</tr>\n";
}

// Where aliases lead.
std::string final_name(const check::Judgement& target) {
  if (target.final_name == target.validation_name) return "";
  return fact("Final name", element("code", escaped(target.final_name)));
}

std::string facts(const check::Judgement& target) {
  const std::string verdict(check::text(target.verdict));
  std::string wait;
  if (target.wait_seconds) wait = duration(*target.wait_seconds);
  if (!wait.empty() && !target.wait_reason.empty())
    wait += ", since " + escaped(target.wait_reason);
  return "<table>\n" +
         fact("Verdict",
              element("strong", verdict, verdict) + ". " + escaped(sentence(target.verdict))) +
         fact("Chance that an order passes", chance_text(target)) +
         fact("The CA would say", escaped(target.ca_error)) +
         fact("Next step", escaped(target.next_step)) + fact("Wait", wait) +
         fact("Validation name", element("code", escaped(target.validation_name))) +
         final_name(target) + fact("Provider", escaped(target.provider)) +
         fact("Method", escaped(target.method)) +
         fact("Certificate authority", escaped(target.ca)) + "</table>\n";
}

std::string evidence(const std::vector<check::Evidence>& all) {
  if (all.empty()) return "";
  std::string rows;
  for (const check::Evidence& each : all) {
    rows += "<tr><th scope=\"row\">" + escaped(each.server) + "</th>" +
            element("td", element("code", escaped(each.question))) +
            element("td", element("code", escaped(seen(each)))) +
            element("td", rfc3339_precise(each.at)) + "</tr>\n";
  }
  return "<details>\n" + element("summary", "Evidence (" + std::to_string(all.size()) + ")") +
         "\n<table>\n<thead><tr><th scope=\"col\">Server</th><th scope=\"col\">Question</th>"
         "<th scope=\"col\">Saw</th><th scope=\"col\">At</th></tr></thead>\n<tbody>\n" +
         rows + "</tbody>\n</table>\n</details>\n";
}

std::string remedy(const check::Remedy& remedy) {
  std::string html;
  if (!remedy.action.empty()) {
    html += element("p", element("strong", "Fix:") + " " + escaped(remedy.action)) + "\n";
  }
  for (const check::Edit& edit : remedy.edits) {
    std::string lines;
    for (const std::string& record : edit.remove) {
      lines += element("del", "- " + escaped(record)) + "\n";
    }
    for (const std::string& record : edit.add) {
      lines += element("ins", "+ " + escaped(record)) + "\n";
    }
    std::string place = "In zone " + element("code", escaped(without_dot(edit.zone)));
    if (!edit.server.empty())
      place += ", server " + element("code", escaped(without_dot(edit.server)));
    html += element("p", place + ":") + "\n" + element("pre", lines) + "\n";
  }
  return html;
}

std::string headline(const check::Finding& finding) {
  const std::string severity(check::text(finding.severity));
  return element("span", severity, severity) + " " + element("code", escaped(finding.id)) + ": " +
         escaped(finding.message);
}

std::string body(const SharedFinding& shared) {
  const check::Finding& finding = *shared.finding;
  std::string about = "About " + element("code", escaped(finding.subject));
  for (const std::string& note :
       {std::string(affects_note(finding.affects, shared.explains)), whose(shared)})
    if (!note.empty()) about += " (" + escaped(note) + ")";
  return element("p", about) + "\n" + remedy(finding.remedy) + evidence(finding.evidence);
}

// Each root with what it explains folded up below it.
std::string findings(const Group& group) {
  std::string html;
  for (const SharedFinding& each : findings_of(group)) {
    if (each.explained) {
      html += "<details>\n" + element("summary", "Explains: " + headline(*each.finding)) + "\n" +
              body(each) + "</details>\n";
    } else {
      html += (html.empty() ? "" : "</article>\n") + std::string("<article>\n") +
              element("h3", headline(*each.finding)) + "\n" + body(each);
    }
  }
  return html + (html.empty() ? "" : "</article>\n");
}

std::string texts(const std::string& name, const std::vector<SharedText>& all) {
  std::string rows;
  for (const SharedText& each : all) {
    const std::string whose = each.cas.empty() ? "" : " (" + escaped(listed(each.cas)) + ")";
    rows += fact(name + whose, escaped(each.text));
  }
  return rows;
}

// The verdicts of several CAs side by side.
std::string verdicts(const Group& group) {
  std::string rows;
  for (const check::Judgement* each : group.judgements) {
    const std::string verdict(check::text(each->verdict));
    const bool told = each->verdict != check::Verdict::ready && !each->findings.empty();
    rows += "<tr><th scope=\"row\">" + escaped(each->ca) + "</th>" +
            element("td", element("strong", verdict, verdict)) + element("td", chance_text(*each)) +
            element("td", told ? escaped(each->findings.front().message) : "") + "</tr>\n";
  }
  return "<table>\n<thead><tr><th scope=\"col\">Certificate authority</th><th scope=\"col\">"
         "Verdict</th><th scope=\"col\">Chance</th><th scope=\"col\">First reason</th></tr>"
         "</thead>\n<tbody>\n" +
         rows + "</tbody>\n</table>\n";
}

std::string section(const Group& group) {
  const check::Judgement& target = group.first();
  const std::string title = element("h2", escaped(target.identifier)) + "\n";
  if (group.judgements.size() == 1)
    return "<section>\n" + title + facts(target) + findings(group) + "</section>\n";
  return "<section>\n" + title + verdicts(group) + "<table>\n" +
         texts("The CA would say", ca_errors_of(group)) + texts("Next step", next_steps_of(group)) +
         texts("Wait", waits_of(group)) +
         fact("Validation name", element("code", escaped(target.validation_name))) +
         final_name(target) + fact("Provider", escaped(target.provider)) +
         fact("Method", escaped(target.method)) + "</table>\n" + findings(group) + "</section>\n";
}

}  // namespace

std::string render_html(const Report& report) {
  const std::string verdict(check::text(report.verdict));
  std::string sections;
  const std::vector<Group> names = groups(report);
  for (const Group& group : names) sections += section(group);
  const std::string title = "Domain control validation of " +
                            (names.size() == 1 ? escaped(report.targets.front().identifier)
                                               : counted(names.size(), "name")) +
                            ": ";
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'sha256-" +
         std::string(kStyleDigest) +
         "'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n" +
         element("title", title + verdict) + "\n<style>" + std::string(kStyleSheet) +
         "</style>\n</head>\n<body>\n<main>\n" +
         element("h1", title + element("span", verdict, verdict)) + "\n" + sections + "<footer>\n" +
         element("p", escaped(report.tool) + " " + escaped(report.tool_version) + ", " +
                          rfc3339(report.at) + ", " + stats_line(report.stats)) +
         "\n</footer>\n</main>\n</body>\n</html>\n";
}

}  // namespace dcv::report
