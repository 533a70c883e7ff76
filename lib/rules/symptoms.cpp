// Reads messages by the table's expressions. A pasted text may come from anywhere: it is cut off at
// a length, an expression that takes too long on it reads nothing, and only what is a name or a
// value goes into a command.
#include "rules/symptoms.h"

#include <algorithm>
#include <boost/regex.hpp>
#include <cctype>
#include <optional>
#include <set>
#include <stdexcept>

#include "dns/name.h"

namespace dcv::rules {
namespace {

constexpr std::size_t kLongestText = 65536;  // bytes; pages of a log
constexpr std::size_t kNear = 3;
constexpr std::size_t kMostMatches = 32;  // of one row; a log repeats itself

bool is_blank(char byte) {
  return static_cast<unsigned char>(byte) <= ' ';
}

// A log tells at its end what failed.
std::string_view its_end(std::string_view text) {
  return text.substr(text.size() - std::min(text.size(), kLongestText));
}

// JSON writes them as \" and \u0022, a log of JSON lines twice so, people's mail programs as
// typographic ones.
std::string plain(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> kWritten[] = {
      {"\\\\\\\"", "\""}, {"\\\\n", " "},    {"\\\"", "\""},   {"\\n", " "},     {"\\r", " "},
      {"\\t", " "},       {"\\u0022", "\""}, {"\\u0026", "&"}, {"\\u0027", "'"}, {"\\u003c", "<"},
      {"\\u003e", ">"},   {"&quot;", "\""},  {"&#39;", "'"},   {"\u00a0", " "},  {"\u2018", "'"},
      {"\u2019", "'"},    {"\u201c", "\""},  {"\u201d", "\""}, {"\u201e", "\""}};
  text = its_end(text);
  std::string plain;
  while (!text.empty()) {
    const auto* written = std::ranges::find_if(
        kWritten, [&](const auto& each) { return text.starts_with(each.first); });
    std::string_view next = text.substr(0, 1);
    std::size_t length = 1;
    if (written != std::end(kWritten)) {
      next = written->second;
      length = written->first.size();
    } else if (is_blank(text.front())) {
      next = " ";
    }
    if (next != " " || (!plain.empty() && plain.back() != ' ')) plain += next;
    text.remove_prefix(length);
  }
  return plain;
}

std::string group(const boost::smatch& found, const char* name) {
  try {
    return found[name].str();
  } catch (const std::logic_error&) {
    return "";  // the expression has no such group
  }
}

std::optional<boost::smatch> search(const boost::regex& expression, const std::string& text,
                                    std::ptrdiff_t from = 0) {
  try {
    boost::smatch found;
    const auto begin = text.begin() + from;
    if (!boost::regex_search(begin, text.end(), found, expression)) return {};
    return found;
  } catch (const std::runtime_error&) {
    return {};  // runs wild on this text
  }
}

struct Row {
  const Symptom* symptom;
  boost::regex expression;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> rows = [] {
    std::vector<Row> compiled;
    for (const Symptom& symptom : shipped_symptoms())
      compiled.push_back({&symptom, boost::regex(symptom.pattern, boost::regex::icase)});
    return compiled;
  }();
  return rows;
}

bool is_of_name(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '-' || byte == '_' ||
         byte == '.' || byte == '*';
}

// Empty for what is no host name or owner of a proof.
std::string clean_name(std::string text) {
  const auto is_other = [](char byte) { return !is_of_name(byte); };
  text.erase(text.begin(), std::ranges::find_if(text, is_of_name));
  text.erase(std::ranges::find_if(text, is_other), text.end());
  while (text.ends_with('.')) text.pop_back();
  if (text.empty() || text.front() == '-') return "";
  const auto name = dns::Name::parse(text);
  return name ? name->lower().prose() : "";
}

// "app.shop.example" of "_acme-challenge.app.shop.example".
std::string host_of(const std::string& name) {
  static const boost::regex kProof(
      "^(?:_[a-z2-7]{16}\\.)?_(?:acme-challenge|validation-persist)\\.(.+)$");
  const auto found = search(kProof, name);
  return found ? (*found)[1].str() : name;
}

// A message may name no host, and the text around it does.
std::string name_around(const std::string& text) {
  static const boost::regex kPlaces[] = {
      boost::regex("(?:^|[^\\w-])(?<name>_acme-challenge\\.[\\w.-]+)"),
      boost::regex("\\bDomain: (?<name>\\S+)"),
      boost::regex("\"identifier\": ?\\{[^}]*\"value\": ?\"(?<name>[^\"]+)\""),
      boost::regex("\"identifier\": ?\"(?<name>[^\"]+)\""),
      boost::regex("\\[(?<name>[\\w*-]+(?:\\.[\\w-]+)*\\.[A-Za-z][\\w-]+)\\] "),
      boost::regex("\\b(?:domains?|Dns Name:) [\\[\"']?(?<name>[\\w*-]+(?:\\.[\\w-]+)+)"),
  };
  for (const boost::regex& place : kPlaces)
    if (const auto found = search(place, text)) return clean_name(group(*found, "name"));
  return "";
}

std::string replaced(std::string text, std::string_view what, const std::string& with) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

std::string quoted(const std::string& host) {
  return host.starts_with('*') ? "'" + host + "'" : host;
}

// With several hosts there is no one value to expect.
std::string command_of(const Reading& reading, const std::vector<std::string>& hosts) {
  std::string host = quoted(reading.host), expect;
  if (hosts.size() > 1) {
    host.clear();
    for (const std::string& each : hosts) host += (host.empty() ? "" : " ") + quoted(each);
  } else if (!reading.value.empty()) {
    expect = " --expect " + reading.value;
  }
  return replaced(replaced(reading.symptom->command, "{host}", host.empty() ? "NAME" : host),
                  "{expect}", expect);
}

// Without what stands behind the name it ends with, such as the rest of a JSON document.
std::string text_of(const boost::smatch& found) {
  std::string text = found.str();
  for (const char* each : {"name", "host"}) {
    const std::string last = group(found, each);
    if (last.empty() || !text.ends_with(last)) continue;
    const auto length = std::ranges::find_if_not(last, is_of_name) - last.begin();
    if (length > 0) text.resize(text.size() - last.size() + static_cast<std::size_t>(length));
  }
  return text;
}

Reading reading_of(const Symptom& symptom, const boost::smatch& found, const std::string& text) {
  Reading reading;
  reading.symptom = &symptom;
  reading.text = text_of(found);
  reading.name = clean_name(group(found, "name"));
  reading.server = clean_name(group(found, "server"));
  reading.value = group(found, "value");
  reading.host = clean_name(group(found, "host"));
  if (reading.name.empty()) reading.name = name_around(text);
  reading.host = host_of(reading.host.empty() ? reading.name : reading.host);
  return reading;
}

using Span = std::pair<std::ptrdiff_t, std::ptrdiff_t>;

// What the row reads in the text beside what is taken already, as one: an order has several names,
// and a log tells the same of each, again and again.
std::optional<Reading> read_row(const Row& row, const std::string& text, std::vector<Span>& taken) {
  std::optional<Reading> reading;
  std::vector<std::string> hosts;
  std::ptrdiff_t from = 0;
  for (std::size_t i = 0; i < kMostMatches; ++i) {
    const auto found = search(row.expression, text, from);
    if (!found || found->length() == 0) break;
    const std::ptrdiff_t begin = (*found)[0].first - text.begin();
    from = begin + found->length();
    const bool again = std::ranges::any_of(
        taken, [&](const Span& each) { return begin < each.second && from > each.first; });
    if (again) continue;
    taken.emplace_back(begin, from);
    const Reading each = reading_of(*row.symptom, *found, text);
    if (!reading) reading = each;
    if (!each.host.empty() && std::ranges::find(hosts, each.host) == hosts.end())
      hosts.push_back(each.host);
  }
  if (reading) reading->command = command_of(*reading, hosts);
  return reading;
}

std::set<std::string> words_of(std::string_view text) {
  std::set<std::string> words;
  std::string word;
  for (const char byte : std::string(text) + " ") {
    if (std::isalpha(static_cast<unsigned char>(byte)) != 0) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
    } else {
      if (word.size() > 2) words.insert(word);
      word.clear();
    }
  }
  return words;
}

}  // namespace

std::vector<Reading> read_messages(std::string_view text) {
  const std::string told = plain(text);
  std::vector<Reading> readings;
  std::vector<Span> taken;  // a message is read once
  for (const bool vague : {false, true}) {
    if (vague && !readings.empty()) break;
    for (const Row& row : rows()) {
      if (row.symptom->vague != vague) continue;
      if (auto reading = read_row(row, told, taken)) readings.push_back(std::move(*reading));
    }
  }
  return readings;
}

std::vector<const Symptom*> near_symptoms(std::string_view text) {
  const std::set<std::string> told = words_of(its_end(text));
  std::vector<std::pair<std::ptrdiff_t, const Symptom*>> near;
  for (const Symptom& symptom : shipped_symptoms()) {
    const auto common = std::ranges::count_if(
        words_of(symptom.example), [&](const auto& word) { return told.contains(word); });
    if (common > 1) near.emplace_back(common, &symptom);
  }
  std::ranges::stable_sort(near, std::ranges::greater(),
                           [](const auto& each) { return each.first; });
  std::vector<const Symptom*> nearest;
  for (std::size_t i = 0; i < near.size() && i < kNear; ++i) nearest.push_back(near[i].second);
  return nearest;
}

}  // namespace dcv::rules
