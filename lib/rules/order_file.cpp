// The form with tabs, and what holds for every line of an order.
#include "rules/order_file.h"

#include <algorithm>
#include <array>
#include <set>

#include "dns/identifier.h"
#include "rules/method.h"
#include "rules/near.h"
#include "rules/order_lines.h"

namespace dcv::rules {
namespace {

constexpr std::array<std::string_view, 6> kFields = {"name",     "method", "ca",
                                                     "expected", "owner",  "every"};
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view trimmed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \r");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \r") - start + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end != std::string_view::npos) text.remove_prefix(end + 1);
  }
  return parts;
}

std::string column_fault(const std::vector<std::string_view>& columns, const OrderBounds& bounds) {
  std::set<std::string_view> seen;
  for (const std::string_view column : columns) {
    if (const std::string fault = unknown_order_field("column", column, bounds); !fault.empty()) {
      const bool blanks = column.find(' ') != std::string_view::npos;
      return fault + (blanks || column.find(',') != std::string_view::npos
                          ? "; columns are separated by tabs"
                          : "");
    }
    if (!seen.insert(column).second && column != "expected")
      return "the column " + std::string(column) + " is there twice";
  }
  return seen.contains("name") ? "" : "there is no column name";
}

// Empty, or what is wrong with the line.
std::string read_fields(const std::vector<std::string_view>& columns, std::string_view text,
                        OrderLine& line) {
  const std::vector<std::string_view> fields = split(text, '\t');
  if (fields.size() > columns.size())
    return std::to_string(fields.size()) + " fields for " + std::to_string(columns.size()) +
           (columns.size() == 1 ? " column" : " columns");
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string field(trimmed(fields[i]));
    if (field.empty() || field == "-") continue;
    if (columns[i] == "name") line.name = field;
    if (columns[i] == "method") line.method = field;
    if (columns[i] == "ca") line.ca = field;
    if (columns[i] == "expected") line.expected.push_back(field);
    if (columns[i] == "owner") line.owner = field;
    if (columns[i] == "every") line.every = field;
  }
  return "";
}

Result<std::vector<OrderLine>> order_from_table(std::string_view text, const OrderBounds& bounds) {
  std::vector<OrderLine> lines;
  std::vector<std::string_view> columns;
  int number = 0;
  for (const std::string_view content : split(text, '\n')) {
    ++number;
    if (trimmed(content).empty() || trimmed(content).starts_with('#')) continue;
    std::string fault;
    if (columns.empty()) {
      for (const std::string_view column : split(content, '\t')) columns.push_back(trimmed(column));
      fault = column_fault(columns, bounds);
    } else {
      OrderLine line;
      line.line = number;
      fault = read_fields(columns, content, line);
      if (fault.empty()) fault = add_order_line(std::move(line), lines, bounds.lines);
    }
    if (!fault.empty()) return Error{"line " + std::to_string(number) + ": " + fault};
  }
  return lines;
}

std::string method_fault(const OrderLine& line, bool wildcard) {
  if (line.method.empty()) return "";
  const Result<Method> method = parse_method(line.method);
  if (!method) return method.error();
  if (!wildcard || covers_wildcards(*method)) return "";
  return line.name + ": " + line.method + " shows control of one host, not of all below a name (" +
         std::string(section(*method)) + "); a wildcard needs a method of DNS, or email";
}

}  // namespace

std::string unknown_order_field(std::string_view kind, std::string_view field,
                                const OrderBounds& bounds) {
  std::vector<std::string_view> known(kFields.begin(), kFields.end());
  if (!bounds.every) std::erase(known, "every");
  if (std::ranges::count(known, field) > 0) return "";
  if (field == "every")
    return "the " + std::string(kind) + " every is for dcv-watch, which looks again and again";
  return unknown_word(kind, field.substr(0, 60), known);
}

std::string add_order_line(OrderLine line, std::vector<OrderLine>& lines, std::size_t most) {
  if (line.name.empty()) return "there is no name";
  const Result<dns::Identifier> identifier = dns::parse_identifier(line.name);
  if (!identifier) return identifier.error();
  line.name = identifier->text;
  if (std::string fault = method_fault(line, identifier->wildcard); !fault.empty()) return fault;
  for (const OrderLine& other : lines)
    if (other.name == line.name && other.method == line.method && other.ca == line.ca)
      return line.name + " is there twice with the same method and CA";
  if (lines.size() == most) return "an order has at most " + std::to_string(most) + " names";
  lines.push_back(std::move(line));
  return "";
}

Result<std::vector<OrderLine>> parse_order(std::string_view text, const std::string& where,
                                           const OrderBounds& bounds) {
  if (text.size() > bounds.bytes)
    return Error{where + ": too large for an order: " + std::to_string(text.size()) +
                 " bytes, at most " + std::to_string(bounds.bytes) + " are read"};
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  const bool json = start != std::string_view::npos && (text[start] == '[' || text[start] == '{');
  Result<std::vector<OrderLine>> lines =
      json ? order_from_json(text, bounds) : order_from_table(text, bounds);
  if (!lines) return Error{where + ": " + lines.error()};
  if (lines->empty()) return Error{where + ": there are no names in this order"};
  return lines;
}

}  // namespace dcv::rules
