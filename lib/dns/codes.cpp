// The tables of protocol numbers and their words.

#include "dns/codes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace dcv::dns {
namespace {

struct Word {
  std::uint16_t number;
  std::string_view word;
};

// Types beyond RecordType are here because NSEC bit maps and ANY answers show them.
constexpr auto kTypes = std::to_array<Word>({
    {1, "A"},       {2, "NS"},      {5, "CNAME"},     {6, "SOA"},         {12, "PTR"},
    {13, "HINFO"},  {15, "MX"},     {16, "TXT"},      {17, "RP"},         {18, "AFSDB"},
    {24, "SIG"},    {25, "KEY"},    {28, "AAAA"},     {29, "LOC"},        {33, "SRV"},
    {35, "NAPTR"},  {37, "CERT"},   {39, "DNAME"},    {41, "OPT"},        {42, "APL"},
    {43, "DS"},     {44, "SSHFP"},  {45, "IPSECKEY"}, {46, "RRSIG"},      {47, "NSEC"},
    {48, "DNSKEY"}, {49, "DHCID"},  {50, "NSEC3"},    {51, "NSEC3PARAM"}, {52, "TLSA"},
    {53, "SMIMEA"}, {55, "HIP"},    {59, "CDS"},      {60, "CDNSKEY"},    {61, "OPENPGPKEY"},
    {62, "CSYNC"},  {63, "ZONEMD"}, {64, "SVCB"},     {65, "HTTPS"},      {66, "DSYNC"},
    {99, "SPF"},    {249, "TKEY"},  {250, "TSIG"},    {251, "IXFR"},      {252, "AXFR"},
    {255, "ANY"},   {256, "URI"},   {257, "CAA"},
});

constexpr auto kRcodes = std::to_array<Word>({
    {0, "NOERROR"},  {1, "FORMERR"},    {2, "SERVFAIL"}, {3, "NXDOMAIN"},  {4, "NOTIMP"},
    {5, "REFUSED"},  {6, "YXDOMAIN"},   {7, "YXRRSET"},  {8, "NXRRSET"},   {9, "NOTAUTH"},
    {10, "NOTZONE"}, {11, "DSOTYPENI"}, {16, "BADVERS"}, {17, "BADKEY"},   {18, "BADTIME"},
    {19, "BADMODE"}, {20, "BADNAME"},   {21, "BADALG"},  {22, "BADTRUNC"}, {23, "BADCOOKIE"},
});

constexpr auto kOpcodes = std::to_array<Word>(
    {{0, "QUERY"}, {1, "IQUERY"}, {2, "STATUS"}, {4, "NOTIFY"}, {5, "UPDATE"}, {6, "DSO"}});

constexpr auto kClasses =
    std::to_array<Word>({{1, "IN"}, {3, "CH"}, {4, "HS"}, {254, "NONE"}, {255, "ANY"}});

constexpr auto kExtendedErrors = std::to_array<Word>({
    {0, "Other Error"},
    {1, "Unsupported DNSKEY Algorithm"},
    {2, "Unsupported DS Digest Type"},
    {3, "Stale Answer"},
    {4, "Forged Answer"},
    {5, "DNSSEC Indeterminate"},
    {6, "DNSSEC Bogus"},
    {7, "Signature Expired"},
    {8, "Signature Not Yet Valid"},
    {9, "DNSKEY Missing"},
    {10, "RRSIGs Missing"},
    {11, "No Zone Key Bit Set"},
    {12, "NSEC Missing"},
    {13, "Cached Error"},
    {14, "Not Ready"},
    {15, "Blocked"},
    {16, "Censored"},
    {17, "Filtered"},
    {18, "Prohibited"},
    {19, "Stale NXDOMAIN Answer"},
    {20, "Not Authoritative"},
    {21, "Not Supported"},
    {22, "No Reachable Authority"},
    {23, "Network Error"},
    {24, "Invalid Data"},
    {25, "Signature Expired before Valid"},
    {26, "Too Early"},
    {27, "Unsupported NSEC3 Iterations Value"},
    {28, "Unable to conform to policy"},
    {29, "Synthesized"},
    {30, "Invalid Query Type"},
});

std::string word_of(std::span<const Word> words, std::uint16_t number, std::string_view prefix) {
  auto found = std::ranges::find(words, number, &Word::number);
  if (found != words.end()) return std::string(found->word);
  return std::string(prefix) + std::to_string(number);
}

char upper_case(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

std::string text(RecordType type) {
  return word_of(kTypes, static_cast<std::uint16_t>(type), "TYPE");
}

std::string text(Rcode rcode) {
  return word_of(kRcodes, static_cast<std::uint16_t>(rcode), "RCODE");
}

std::string text(Opcode opcode) {
  return word_of(kOpcodes, static_cast<std::uint16_t>(opcode), "OPCODE");
}

std::string class_text(std::uint16_t record_class) {
  return word_of(kClasses, record_class, "CLASS");
}

std::string extended_error_text(std::uint16_t code) {
  return word_of(kExtendedErrors, code, "EDE ");
}

std::optional<RecordType> record_type(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(), upper_case);
  auto found = std::ranges::find(kTypes, std::string_view(upper), &Word::word);
  if (found != kTypes.end()) return static_cast<RecordType>(found->number);
  if (!upper.starts_with("TYPE")) return std::nullopt;
  std::uint16_t number = 0;
  const char* end = upper.data() + upper.size();
  auto [stop, error] = std::from_chars(upper.data() + 4, end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return static_cast<RecordType>(number);
}

}  // namespace dcv::dns
