#pragma once
// The web configuration file, by the conventions of Prometheus' exporters: TLS and passwords.

#include <map>
#include <optional>
#include <string>

#include "dns/result.h"

namespace dcv::probes {

struct WebTlsSettings {
  std::string certificate, key;  // files in PEM
  std::string
      client_authorities;   // file in PEM; clients need a certificate from one of them; empty: none
  bool only_tls13 = false;  // else 1.2 as well
};

struct WebConfig {
  std::optional<WebTlsSettings> tls;
  std::map<std::string, std::string>
      users;  // the bcrypt hash of each one's password; empty: all may come
};

// An error is one sentence that names file, line and key.
Result<WebConfig> load_web_config(const std::string& path);

}  // namespace dcv::probes
