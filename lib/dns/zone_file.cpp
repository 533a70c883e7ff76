// Master files, read entry by entry with the scanner of ldns.

#include "dns/zone_file.h"

#include <stdbool.h>  // NOLINT: before ldns.h, which defines bool as a macro otherwise

#include <ldns/ldns.h>

#include <cstdio>
#include <memory>

#include "dns/ldns_bridge.h"

namespace dcv::dns {
namespace {

constexpr std::uint32_t kDefaultTtl = 3600;  // seconds

struct FileCloser {
  void operator()(FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<FILE, FileCloser>;

// What one entry leaves behind for the next. The two names belong to ldns, which replaces them.
struct ScannerState {
  std::uint32_t ttl = kDefaultTtl;
  ldns_rdf* origin = nullptr;
  ldns_rdf* previous_owner = nullptr;
  int line = 0;

  explicit ScannerState(const Name& apex) : origin(ldns_dname_new_frm_str(apex.text().c_str())) {}
  ScannerState(const ScannerState&) = delete;
  ScannerState& operator=(const ScannerState&) = delete;
  ~ScannerState() {
    ldns_rdf_deep_free(origin);
    ldns_rdf_deep_free(previous_owner);
  }
};

Error at_line(int line, const std::string& problem) {
  std::string message = "line ";
  return Error{message.append(std::to_string(line)).append(": ").append(problem)};
}

std::string reason(ldns_status status) {
  if (status == LDNS_STATUS_SYNTAX_INCLUDE || status == LDNS_STATUS_SYNTAX_INCLUDE_ERR_NOTIMPL)
    return "$INCLUDE is not supported";
  const char* words = ldns_get_errorstr_by_id(status);
  return words == nullptr ? "not a resource record" : words;
}

bool is_directive(ldns_status status) {
  return status == LDNS_STATUS_SYNTAX_TTL || status == LDNS_STATUS_SYNTAX_ORIGIN ||
         status == LDNS_STATUS_SYNTAX_EMPTY;
}

File open_text(const std::string& text) {
  // The file is only read; fmemopen() has no type that says so.
  return File(fmemopen(const_cast<char*>(text.data()), text.size(), "r"));
}

}  // namespace

Result<std::vector<Record>> parse_zone(const std::string& text, const Name& origin) {
  std::vector<Record> records;
  if (text.empty()) return records;
  if (text.find('\0') != std::string::npos) return Error{"a zero byte is in the zone file"};
  File file = open_text(text);
  if (!file) return Error{"the zone file cannot be read from memory"};
  ScannerState state(origin);
  while (std::feof(file.get()) == 0) {
    ldns_rr* scanned = nullptr;
    int first_line = state.line + 1;
    auto status = ldns_rr_new_frm_fp_l(&scanned, file.get(), &state.ttl, &state.origin,
                                       &state.previous_owner, &state.line);
    if (is_directive(status)) continue;
    if (status != LDNS_STATUS_OK) return at_line(first_line, reason(status));
    LdnsRecord entry(scanned);
    auto record = from_ldns(entry.get());
    if (!record) return at_line(first_line, "the record is too long");
    records.push_back(std::move(*record));
  }
  return records;
}

Result<Record> parse_record(const std::string& line, const Name& origin) {
  auto records = parse_zone(line + "\n", origin);
  if (!records) return Error{records.error().substr(records.error().find(": ") + 2)};
  if (records->size() != 1) return Error{"one record is wanted"};
  return records->front();
}

}  // namespace dcv::dns
