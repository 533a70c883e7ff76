// The grammar of RFC 8659 4.2 as Boulder applies it (va/caa.go), and guesses at what was meant.
#include "check/caa_value.h"

#include <algorithm>
#include <iterator>

#include "dns/name.h"

namespace dcv::check::caa {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string_view trimmed(std::string_view text, std::string_view dropped = " \t") {
  const std::size_t first = text.find_first_not_of(dropped);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(dropped) - first + 1);
}

std::string lower(std::string_view text) {
  std::string folded(text);
  for (char& c : folded)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return folded;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

Result<Parameter> parse_parameter(std::string_view text, bool hyphens) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    if (trimmed(text).empty()) return Error{"has a semicolon too many after its parameters"};
    return Error{"has a parameter without \"=\": " + dns::quoted(trimmed(text))};
  }
  const std::string_view tag = trimmed(text.substr(0, equals));
  const std::string_view value = trimmed(text.substr(equals + 1));
  if (!std::all_of(tag.begin(), tag.end(),
                   [&](char c) { return is_alphanumeric(c) || (hyphens && c == '-'); }))
    return Error{"has a parameter with a forbidden character in its name: " + dns::quoted(tag)};
  if (!std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x21 && c <= 0x7e; }))
    return Error{"has a blank or a forbidden character in the parameter " + std::string(tag)};
  return Parameter{std::string(tag), std::string(value)};
}

std::string written(const IssueValue& value) {
  std::string text = value.issuer;
  for (const Parameter& each : value.parameters) text += "; " + each.tag + "=" + each.value;
  return text;
}

// Letters and digits alone, in lower case: "Let's Encrypt" is "letsencrypt".
std::string squeezed(std::string_view text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept), is_alphanumeric);
  return lower(kept);
}

// The identity that a misspelt issuer was meant to be, and in what it differs; empty for none.
struct Guess {
  std::string identity, fault;
};

Guess guess(std::string_view issuer, const observe::CaProfile& ca) {
  if (ca.identities.empty()) return {};
  const std::string folded = lower(issuer);
  const std::string_view without_dot = trimmed(folded, ".");
  const std::string_view bare = trimmed(folded, " \t\r\n\"'.<>");
  for (const std::string& identity : ca.identities) {
    if (folded == identity) return {identity, "has capital letters in its issuer"};
    if (without_dot == identity) return {identity, "has a dot at the end of its issuer"};
    if (bare == identity) return {identity, "has blanks or quotes in its issuer"};
    if (bare == "www." + identity || bare.ends_with("//" + identity) ||
        bare.ends_with("//www." + identity))
      return {identity, "has " + dns::quoted(issuer) + " for the issuer " + identity};
  }
  const std::string words = squeezed(bare);
  const std::string first = squeezed(bare.substr(0, bare.find('.')));
  const bool is_title = words.starts_with(squeezed(ca.title)) && !ca.title.empty();
  if (is_title || (!first.empty() && first == squeezed(ca.name)))
    return {ca.identities.front(),
            "has " + dns::quoted(issuer) + " for the issuer, which is no domain of this CA"};
  return {};
}

// Whatever can be kept of parameters that do not parse.
std::vector<Parameter> salvaged(std::string_view value, bool hyphens) {
  std::vector<Parameter> kept;
  const std::vector<std::string_view> parts = split(value, ';');
  for (std::size_t i = 1; i < parts.size(); ++i) {
    std::string solid(parts[i]);
    std::erase_if(solid, [](char c) { return c <= ' ' || c > '~'; });
    if (const Result<Parameter> parameter = parse_parameter(solid, hyphens))
      kept.push_back(*parameter);
  }
  return kept;
}

std::vector<std::string> values_of(const IssueValue& issue, std::string_view tag) {
  std::vector<std::string> values;
  for (const Parameter& each : issue.parameters)
    if (each.tag == tag) values.push_back(each.value);
  return values;
}

// Drops all parameters of the tag but the first.
IssueValue with_one(IssueValue issue, std::string_view tag) {
  const auto first = std::find_if(issue.parameters.begin(), issue.parameters.end(),
                                  [&](const Parameter& each) { return each.tag == tag; });
  issue.parameters.erase(std::remove_if(first + 1, issue.parameters.end(),
                                        [&](const Parameter& each) { return each.tag == tag; }),
                         issue.parameters.end());
  return issue;
}

IssueValue with(IssueValue issue, std::string_view tag, const std::string& value) {
  for (Parameter& each : issue.parameters)
    if (each.tag == tag) each.value = value;
  return issue;
}

Reading misspelt(std::string fault, std::string mended) {
  Reading reading;
  reading.match = Match::misspelt;
  reading.fault = std::move(fault);
  reading.mended = std::move(mended);
  return reading;
}

Reading check_account(const IssueValue& issue, const Applicant& applicant) {
  Reading reading;
  reading.match = Match::yes;
  if (!applicant.ca.honours_accounturi) return reading;
  const std::vector<std::string> allowed = values_of(issue, "accounturi");
  if (allowed.empty()) return reading;
  if (allowed.size() > 1)
    return misspelt("has accounturi twice", written(with_one(issue, "accounturi")));
  reading.account = allowed.front();
  reading.foreign_account = !reading.account.starts_with(applicant.ca.account_prefix);
  if (applicant.accounts.empty()) {
    reading.match = Match::if_account;
    return reading;
  }
  const auto& accounts = applicant.accounts;
  if (std::find(accounts.begin(), accounts.end(), reading.account) == accounts.end()) {
    reading.match = Match::other_account;
    reading.mended = written(with(issue, "accounturi", accounts.front()));
  }
  return reading;
}

bool is_label(std::string_view label) {
  return !label.empty() && std::all_of(label.begin(), label.end(),
                                       [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_domain(std::string_view issuer) {
  const std::vector<std::string_view> labels = split(issuer, '.');
  return std::all_of(labels.begin(), labels.end(), is_label);
}

// The method's own label; or another that stands for it, such as "ca-tbr-7" for a change of DNS in
// general (BR 3.2.2.4.7), with CAs that know it.
bool is_method(std::string_view label, const Applicant& applicant) {
  if (label == rules::caa_label(applicant.method)) return true;
  const auto labels = rules::caa_labels(applicant.method);
  const std::vector<std::string>& known = applicant.ca.methods;
  return std::find(labels.begin(), labels.end(), label) != labels.end() &&
         std::find(known.begin(), known.end(), label) != known.end();
}

// Left to right: a label with other characters before the right one refuses (RFC 8657 4).
Reading check_method(const IssueValue& issue, const Applicant& applicant) {
  Reading reading;
  reading.match = Match::yes;
  if (!applicant.ca.honours_validationmethods) return reading;
  const std::vector<std::string> allowed = values_of(issue, "validationmethods");
  if (allowed.empty()) return reading;
  if (allowed.size() > 1)
    return misspelt("has validationmethods twice", written(with_one(issue, "validationmethods")));
  std::string kept;
  bool broken = false, listed = false;
  for (const std::string_view label : split(allowed.front(), ',')) {
    listed = listed || is_method(label, applicant);
    if (listed && !broken) return reading;
    broken = broken || !is_label(label);
    if (is_label(label)) kept += std::string(label) + ",";
  }
  kept = listed ? kept.substr(0, kept.size() - 1)
                : kept + std::string(rules::caa_label(applicant.method));
  const std::string mended = written(with(issue, "validationmethods", kept));
  if (broken) return misspelt("has a method that is none in validationmethods", mended);
  reading.match = Match::other_method;
  reading.methods = allowed.front();
  reading.mended = mended;
  return reading;
}

}  // namespace

Result<IssueValue> parse_issue_value(std::string_view value, bool hyphens) {
  const std::vector<std::string_view> parts = split(value, ';');
  IssueValue issue;
  issue.issuer = trimmed(parts.front());
  if (parts.size() == 2 && trimmed(parts[1]).empty()) return issue;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    Result<Parameter> parameter = parse_parameter(parts[i], hyphens);
    if (!parameter) return Error{parameter.error()};
    issue.parameters.push_back(*parameter);
  }
  return issue;
}

bool is_identity(std::string_view issuer, const observe::CaProfile& ca) {
  if (ca.identities.empty()) return is_domain(issuer);
  std::string name(issuer);
  if (!ca.exact_identity) {
    name = lower(issuer);
    if (name.ends_with('.')) name.pop_back();
  }
  return std::find(ca.identities.begin(), ca.identities.end(), name) != ca.identities.end();
}

Reading read_issue_value(std::string_view value, const Applicant& applicant) {
  const observe::CaProfile& ca = applicant.ca;
  const bool hyphens = !ca.exact_identity;
  const Result<IssueValue> parsed = parse_issue_value(value, hyphens);
  const std::string issuer(trimmed(split(value, ';').front()));
  const bool ours = is_identity(issuer, ca);
  if (parsed && ours) {
    const Reading account = check_account(*parsed, applicant);
    if (account.match != Match::yes && account.match != Match::if_account) return account;
    const Reading method = check_method(*parsed, applicant);
    return method.match == Match::yes ? account : method;
  }
  const Guess meant = ours ? Guess{issuer, ""} : guess(issuer, ca);
  if (meant.identity.empty()) return {};
  IssueValue mended{meant.identity, salvaged(value, hyphens)};
  return misspelt(parsed ? meant.fault : parsed.error(), written(mended));
}

}  // namespace dcv::check::caa
