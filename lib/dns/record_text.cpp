// Record data in presentation form. Own code, because what comes from the network must be safe to
// print: whatever does not fit its type is shown as RFC 3597 hexadecimal.

#include <array>
#include <chrono>
#include <cstdio>

#include "dns/bytes.h"
#include "dns/record.h"

namespace dcv::dns {
namespace {

std::string hexadecimal(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  for (char c : bytes) {
    auto byte = static_cast<std::uint8_t>(c);
    result += kDigits[byte >> 4];
    result += kDigits[byte & 0xf];
  }
  return result;
}

// Cuts `bytes` into groups of `bits` (5 for base 32, 6 for base 64), zero bits at the end.
std::string base_text(std::string_view bytes, int bits, std::string_view alphabet) {
  std::string result;
  std::uint32_t pending = 0;
  int pending_bits = 0;
  auto emit = [&] {
    auto index = pending >> (pending_bits - bits) & ((1U << bits) - 1);
    result += alphabet[index];
    pending_bits -= bits;
  };
  for (char c : bytes) {
    pending = pending << 8 | static_cast<std::uint8_t>(c);
    pending_bits += 8;
    while (pending_bits >= bits) emit();
  }
  if (pending_bits > 0) {
    pending <<= bits - pending_bits;
    pending_bits = bits;
    emit();
  }
  return result;
}

std::string base64(std::string_view bytes) {
  auto result =
      base_text(bytes, 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  result.append((4 - result.size() % 4) % 4, '=');
  return result;
}

std::string base32hex(std::string_view bytes) {
  return base_text(bytes, 5, "0123456789ABCDEFGHIJKLMNOPQRSTUV");
}

// Joins numbers and words by spaces.
template <typename... Parts>
std::string line(const Parts&... parts) {
  std::string result;
  auto add = [&](const auto& part) {
    if (!result.empty()) result += ' ';
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(part)>>) {
      result += std::to_string(part);
    } else {
      result += part;
    }
  };
  (add(parts), ...);
  return result;
}

// RFC 3597 5.
std::string generic_text(const Record& record) {
  if (record.rdata.empty()) return "\\# 0";
  return line("\\#", record.rdata.size(), hexadecimal(record.rdata));
}

std::string or_generic(const Record& record, std::optional<std::string> readable) {
  return readable ? *readable : generic_text(record);
}

// RFC 4034 3.2: YYYYMMDDHHmmSS in UTC.
std::string date_text(std::uint32_t unix_seconds) {
  std::chrono::sys_seconds when{std::chrono::seconds(unix_seconds)};
  auto day = std::chrono::floor<std::chrono::days>(when);
  std::chrono::year_month_day date(day);
  std::chrono::hh_mm_ss time(when - day);
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d%02u%02u%02d%02d%02d",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return buffer.data();
}

std::string types_text(const std::vector<RecordType>& types) {
  std::string result;
  for (auto type : types) result.append(" ").append(text(type));
  return result;
}

std::string salt_text(std::string_view salt) {
  return salt.empty() ? "-" : hexadecimal(salt);
}

std::optional<std::string> address_text(const Record& record) {
  auto address = as_address(record);
  if (!address) return std::nullopt;
  return address->text();
}

std::optional<std::string> target_text(const Record& record) {
  auto target = as_target(record);
  if (!target) return std::nullopt;
  return target->text();
}

std::optional<std::string> mx_text(const Record& record) {
  auto mx = as_mx(record);
  if (!mx) return std::nullopt;
  return line(mx->preference, mx->exchange.text());
}

std::optional<std::string> soa_text(const Record& record) {
  auto soa = as_soa(record);
  if (!soa) return std::nullopt;
  return line(soa->primary.text(), soa->mailbox.text(), soa->serial, soa->refresh, soa->retry,
              soa->expire, soa->minimum);
}

std::optional<std::string> txt_text(const Record& record) {
  auto strings = as_txt_strings(record);
  if (!strings) return std::nullopt;
  std::string result;
  for (const auto& part : *strings) result.append(result.empty() ? "" : " ").append(quoted(part));
  return result;
}

std::optional<std::string> caa_text(const Record& record) {
  auto caa = as_caa(record);
  if (!caa) return std::nullopt;
  for (char c : caa->tag) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain) return std::nullopt;
  }
  return line(caa->flags, caa->tag, quoted(caa->value));
}

std::optional<std::string> ds_text(const Record& record) {
  auto ds = as_ds(record);
  if (!ds || ds->digest.empty()) return std::nullopt;
  return line(ds->key_tag, ds->algorithm, ds->digest_type, hexadecimal(ds->digest));
}

std::optional<std::string> dnskey_text(const Record& record) {
  auto dnskey = as_dnskey(record);
  if (!dnskey || dnskey->key.empty()) return std::nullopt;
  return line(dnskey->flags, dnskey->protocol, dnskey->algorithm, base64(dnskey->key));
}

std::optional<std::string> rrsig_text(const Record& record) {
  auto rrsig = as_rrsig(record);
  if (!rrsig || rrsig->signature.empty()) return std::nullopt;
  return line(text(rrsig->covered), rrsig->algorithm, rrsig->labels, rrsig->original_ttl,
              date_text(rrsig->expiration), date_text(rrsig->inception), rrsig->key_tag,
              rrsig->signer.text(), base64(rrsig->signature));
}

std::optional<std::string> nsec_text(const Record& record) {
  auto nsec = as_nsec(record);
  if (!nsec) return std::nullopt;
  return nsec->next.text() + types_text(nsec->types);
}

std::optional<std::string> nsec3_text(const Record& record) {
  auto nsec3 = as_nsec3(record);
  if (!nsec3 || nsec3->next_hash.empty()) return std::nullopt;
  return line(nsec3->hash_algorithm, nsec3->flags, nsec3->iterations, salt_text(nsec3->salt),
              base32hex(nsec3->next_hash)) +
         types_text(nsec3->types);
}

std::optional<std::string> nsec3param_text(const Record& record) {
  Cursor cursor(record.rdata);
  auto hash_algorithm = cursor.u8();
  auto flags = cursor.u8();
  auto iterations = cursor.u16();
  auto salt = cursor.counted();
  if (!cursor.at_end()) return std::nullopt;
  return line(hash_algorithm, flags, iterations, salt_text(salt));
}

}  // namespace

std::string rdata_text(const Record& record) {
  switch (record.type) {
    case RecordType::a:
    case RecordType::aaaa:
      return or_generic(record, address_text(record));
    case RecordType::ns:
    case RecordType::cname:
    case RecordType::dname:
    case RecordType::ptr:
      return or_generic(record, target_text(record));
    case RecordType::mx:
      return or_generic(record, mx_text(record));
    case RecordType::soa:
      return or_generic(record, soa_text(record));
    case RecordType::txt:
      return or_generic(record, txt_text(record));
    case RecordType::caa:
      return or_generic(record, caa_text(record));
    case RecordType::ds:
      return or_generic(record, ds_text(record));
    case RecordType::dnskey:
      return or_generic(record, dnskey_text(record));
    case RecordType::rrsig:
      return or_generic(record, rrsig_text(record));
    case RecordType::nsec:
      return or_generic(record, nsec_text(record));
    case RecordType::nsec3:
      return or_generic(record, nsec3_text(record));
    case RecordType::nsec3param:
      return or_generic(record, nsec3param_text(record));
    default:
      return generic_text(record);
  }
}

}  // namespace dcv::dns
