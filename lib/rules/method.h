#pragma once
// The ways in which a CA validates control of a name, by the sections of the Baseline Requirements
// (BR) 3.2.2.4 and the RFCs. Values only.

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "dns/identifier.h"
#include "dns/result.h"

namespace dcv::rules {

enum class Method {
  dns_01,          // RFC 8555 8.4: digest in a TXT record at _acme-challenge
  dns_account_01,  // the same at a label of its own for each account
  dns_persist_01,  // a lasting TXT record that names CA and account
  dns_txt,         // a CA's token in a TXT record
  dns_cname,       // a CA's token in a CNAME record
  http_01,         // RFC 8555 8.3
  http_file,       // a CA's token in a file below /.well-known/pki-validation
  tls_alpn_01,     // RFC 8737
  email,           // mail to a constructed address or to a contact in DNS
};

inline constexpr std::array kMethods = {
    Method::dns_01,    Method::dns_account_01, Method::dns_persist_01,
    Method::dns_txt,   Method::dns_cname,      Method::http_01,
    Method::http_file, Method::tls_alpn_01,    Method::email};

// What the proof is made of, which decides which checks apply.
enum class Proof {
  digest,   // TXT values that are digests of key authorizations
  persist,  // TXT values that name a CA and an account
  token,    // records with a token of the CA's own form
  web,      // what a web server at the name's addresses gives
  mail,     // addresses that mail can be sent to
};

std::string_view text(Method method);       // "dns-01", as --method takes it
std::string_view section(Method method);    // "BR 3.2.2.4.7"
std::string_view caa_label(Method method);  // for validationmethods (RFC 8657): "ca-tbr-7"
// All labels that stand for the method or, for e-mail, for one of its ways; caa_label() first.
std::span<const std::string_view> caa_labels(Method method);
Proof proof_of(Method method);
bool covers_wildcards(Method method);  // false for those that show control of one host

// Errors name the methods there are, the near ones first.
Result<Method> parse_method(std::string_view text);
// Of a text that parse_method takes, as in an observation; dns_01 for any other.
Method method_of(std::string_view text);

}  // namespace dcv::rules
