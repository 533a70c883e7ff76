// Master files: cut into entries and directives here, so that line numbers are exact and an open
// quote is noticed; each entry is read by ldns.

#include "dns/zone_file.h"

#include <stdbool.h>  // NOLINT: before ldns.h, which defines bool as a macro otherwise

#include <ldns/ldns.h>

#include <algorithm>
#include <memory>

#include "dns/ldns_bridge.h"

namespace dcv::dns {
namespace {

constexpr std::uint32_t kDefaultTtl = 3600;  // seconds
// Given to ldns as the default, so that "$TTL 0" works too: ldns takes 0 for "not set". More than
// a TTL can be (RFC 2181 8).
constexpr std::uint32_t kNoTtl = 0xffffffff;

struct Entry {
  std::string text;  // on one line, without comments and parentheses
  int line = 0;      // where it starts, from 1
  std::string problem;
};

// Hands out one entry after the other.
class Scanner {
 public:
  explicit Scanner(const std::string& text) : text_(text) {}

  bool at_end() const { return at_ >= text_.size(); }

  Entry next() {
    Entry entry;
    entry.line = line_;
    int depth = 0;
    bool quoted = false;
    while (!at_end()) {
      char c = text_[at_++];
      if (c == '\n') {
        ++line_;
        if (quoted || depth == 0) break;
        entry.text += ' ';
      } else if (c == '\\' && !at_end() && text_[at_] != '\n') {
        entry.text += c;
        entry.text += text_[at_++];
      } else if (c == '"') {
        quoted = !quoted;
        entry.text += c;
      } else if (quoted || (c != ';' && c != '(' && c != ')' && c != '\r')) {
        entry.text += c;
      } else {
        if (c == ';') at_ = std::min(text_.find('\n', at_), text_.size());
        if (c == '(') ++depth;
        if (c == ')' && --depth < 0) entry.problem = "a parenthesis is closed but not opened";
        entry.text += ' ';
      }
    }
    if (quoted) entry.problem = "a quoted string is not closed";
    if (depth > 0) entry.problem = "a parenthesis is not closed";
    return entry;
  }

 private:
  const std::string& text_;
  std::size_t at_ = 0;
  int line_ = 1;
};

struct NameDeleter {
  void operator()(ldns_rdf* name) const { ldns_rdf_deep_free(name); }
};
using LdnsName = std::unique_ptr<ldns_rdf, NameDeleter>;

LdnsName ldns_name(const Name& name) {
  return LdnsName(ldns_dname_new_frm_str(name.text().c_str()));
}

// ldns puts the origin behind a relative name without looking at the length.
bool has_long_name(const ldns_rr& record) {
  for (std::size_t i = 0; i < ldns_rr_rd_count(&record); ++i) {
    const ldns_rdf* field = ldns_rr_rdf(&record, i);
    if (ldns_rdf_get_type(field) == LDNS_RDF_TYPE_DNAME &&
        ldns_rdf_size(field) > LDNS_MAX_DOMAINLEN)
      return true;
  }
  return false;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(" \t", at)) != std::string::npos;) {
    auto end = std::min(text.find_first_of(" \t", at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

// What one entry leaves behind for the next.
class Reader {
 public:
  explicit Reader(const Name& origin) : origin_(origin), ldns_origin_(ldns_name(origin)) {}

  // An empty text is no problem.
  std::string read(const Entry& entry, std::vector<Record>& records) {
    if (!entry.problem.empty()) return entry.problem;
    auto words = words_of(entry.text);
    if (words.empty()) return "";
    if (words.front().starts_with("$")) return directive(words);
    return record(entry.text, records);
  }

 private:
  std::string directive(const std::vector<std::string>& words) {
    if (words.size() == 2 && words[0] == "$TTL") {
      const char* end = nullptr;
      ttl_ = ldns_str2period(words[1].c_str(), &end);
      return *end == '\0' ? "" : "$TTL wants a number of seconds";
    }
    if (words.size() == 2 && words[0] == "$ORIGIN") {
      auto origin = Name::parse(words[1]);
      if (origin && !words[1].ends_with(".")) origin = origin->joined(origin_);
      if (!origin) return origin.error();
      origin_ = *origin;
      ldns_origin_ = ldns_name(origin_);
      return "";
    }
    return quoted(words[0]) + " is not supported, or has another number of arguments";
  }

  std::string record(const std::string& text, std::vector<Record>& records) {
    ldns_rr* read = nullptr;
    ldns_rdf* previous = previous_owner_.release();
    auto status = ldns_rr_new_frm_str(&read, text.c_str(), kNoTtl, ldns_origin_.get(), &previous);
    previous_owner_.reset(previous);
    if (status != LDNS_STATUS_OK) {
      const char* words = ldns_get_errorstr_by_id(status);
      return words == nullptr ? "not a resource record" : words;
    }
    LdnsRecord holder(read);
    if (has_long_name(*read)) return "a name in it is longer than 255 bytes";
    auto result = from_ldns(holder.get());
    if (!result) return "the record is too long";
    if (result->ttl == kNoTtl) result->ttl = ttl_;
    records.push_back(std::move(*result));
    return "";
  }

  Name origin_;
  LdnsName ldns_origin_;
  LdnsName previous_owner_;
  std::uint32_t ttl_ = kDefaultTtl;
};

}  // namespace

Result<std::vector<Record>> parse_zone(const std::string& text, const Name& origin) {
  std::vector<Record> records;
  if (text.find('\0') != std::string::npos) return Error{"a zero byte is in the zone file"};
  Scanner scanner(text);
  Reader reader(origin);
  while (!scanner.at_end()) {
    auto entry = scanner.next();
    auto problem = reader.read(entry, records);
    if (problem.empty()) continue;
    std::string message = "line ";
    return Error{message.append(std::to_string(entry.line)).append(": ").append(problem)};
  }
  return records;
}

Result<Record> parse_record(const std::string& line, const Name& origin) {
  std::vector<Record> records;
  Scanner scanner(line);
  Reader reader(origin);
  while (!scanner.at_end()) {
    auto problem = reader.read(scanner.next(), records);
    if (!problem.empty()) return Error{problem};
  }
  if (records.size() != 1) return Error{"one record is wanted"};
  return records.front();
}

}  // namespace dcv::dns
