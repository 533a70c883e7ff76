// From a CSR to wishes.
#include "csr_wishes.h"

#include <algorithm>

#include "rules/csr.h"
#include "rules/sectigo.h"
#include "run.h"

namespace dcv::tools {
namespace {

using Profiles = std::vector<observe::CaProfile>;

Result<rules::Csr> read_csr(const std::string& path) {
  const Result<std::string> bytes = read_file(path);
  if (!bytes) return Error{bytes.error()};
  Result<rules::Csr> csr = rules::parse_csr(*bytes);
  if (!csr) return Error{path + ": " + csr.error()};
  return csr;
}

std::string names_in(const rules::Csr& csr) {
  std::string list;
  for (const dns::Identifier& name : csr.names) list += (list.empty() ? "" : ", ") + name.text;
  return list;
}

// What cannot be a name at all is told later.
std::string objection(const Options& options, const rules::Csr& csr, const Wish& wish) {
  const Result<dns::Identifier> name = dns::parse_identifier(wish.name);
  if (!name || std::ranges::count(csr.names, name->text, &dns::Identifier::text) > 0) return "";
  return name->text + " is not in the CSR " + options.order.csr + ", which has " + names_in(csr);
}

const std::string& method_of(const Wish& wish, const Options& options) {
  return wish.method.empty() ? options.method : wish.method;
}

// Whether nobody has told the value yet that a CA may make of a CSR. Who names no method may well
// mean that: by ACME nobody needs to give the CSR so early.
bool wants_value(const Wish& wish, const Options& options) {
  const std::string& method = method_of(wish, options);
  return (method.empty() || method == "dns-cname" || method == "http-file") &&
         wish.expected.empty() && options.expect.empty();
}

// One wish for each CA, so that those that make values get their own.
std::vector<Wish> apart(const Wish& wish, const Profiles& profiles) {
  std::vector<Wish> wishes;
  for (const observe::CaProfile& profile : profiles) {
    wishes.push_back(wish);
    wishes.back().ca = profile.name;
  }
  return wishes;
}

// What is wrong; empty if nothing is.
std::string fill_in(const rules::Csr& csr, const Options& options, std::string_view zone,
                    Wish& wish) {
  const std::string& unique = options.order.unique;
  const Result<dns::Identifier> name = dns::parse_identifier(wish.name);
  if (!name) return "";
  const Result<rules::SectigoCname> record = rules::sectigo_cname(csr, name->name, unique, zone);
  const Result<rules::SectigoFile> file = rules::sectigo_file(csr, unique, zone);
  if (!record || !file) return record ? file.error() : record.error();
  if (method_of(wish, options) == "http-file") {
    if (wish.path.empty() && options.path.empty()) wish.path = file->path;
    std::string body;
    for (const std::string& line : file->lines) body += (body.empty() ? "" : "\n") + line;
    wish.expected = {body};
  } else {
    wish.label = record->owner.labels().front();
    wish.expected = {record->target.text()};
  }
  return "";
}

}  // namespace

std::string add_csr(const Options& options, const Profiles& profiles, std::vector<Wish>& wishes) {
  const Result<rules::Csr> csr = read_csr(options.order.csr);
  if (!csr) return csr.error();
  std::string previous_key;
  if (!options.order.previous_csr.empty()) {
    const Result<rules::Csr> previous = read_csr(options.order.previous_csr);
    if (!previous) return previous.error();
    previous_key = previous->key;
  }
  if (wishes.empty())
    for (const dns::Identifier& name : csr->names) {
      wishes.emplace_back();
      wishes.back().name = name.text;
    }
  if (!wishes.empty()) wishes.front().csr_other_names = csr->other_names;
  bool any_made = false;
  std::vector<Wish> filled;
  for (Wish& wish : wishes) {
    if (std::string slip = objection(options, *csr, wish); !slip.empty()) return slip;
    wish.csr_key = csr->key;
    wish.previous_csr_key = previous_key;
    const bool wants = wants_value(wish, options);
    for (Wish& each : wants&& wish.ca.empty() ? apart(wish, profiles) : std::vector<Wish>{wish}) {
      const std::string_view zone = rules::csr_token_zone(each.ca);
      if (wants && !zone.empty()) {
        if (method_of(each, options).empty()) each.method = "dns-cname";
        const std::string slip = fill_in(*csr, options, zone, each);
        if (!slip.empty()) return slip;
        any_made = true;
      }
      filled.push_back(std::move(each));
    }
  }
  if (!options.order.unique.empty() && !any_made)
    return "--unique is a part of what Sectigo and ZeroSSL compute: it goes with --ca sectigo or "
           "zerossl and dns-cname or http-file";
  wishes = std::move(filled);
  return "";
}

}  // namespace dcv::tools
