// From YAML to TLS settings and users.
#include "web_config.h"

#include "dns/name.h"
#include "http_passwords.h"
#include "strict_config.h"

namespace dcv::probes {
namespace {

WebTlsSettings read_tls(ConfigMap& map) {
  WebTlsSettings tls;
  tls.certificate = map.path("cert_file");
  tls.key = map.path("key_file");
  tls.client_authorities = map.path("client_ca_file");
  const std::string type = map.text("client_auth_type").value_or("NoClientCert");
  const std::string least = map.text("min_version").value_or("TLS12");
  map.finish();
  if (tls.certificate.empty()) map.refuse("cert_file", "is missing");
  if (tls.key.empty()) map.refuse("key_file", "is missing");
  if (type != "NoClientCert" && type != "RequireAndVerifyClientCert")
    map.refuse("client_auth_type",
               "takes NoClientCert or RequireAndVerifyClientCert, not " + dns::quoted(type));
  const bool verifies = type != "NoClientCert";
  if (verifies && tls.client_authorities.empty()) map.refuse("client_ca_file", "is missing");
  if (!verifies && !tls.client_authorities.empty())
    map.refuse("client_ca_file", "goes with client_auth_type RequireAndVerifyClientCert");
  if (least != "TLS12" && least != "TLS13")
    map.refuse("min_version", "takes TLS12 or TLS13, not " + dns::quoted(least));
  tls.only_tls13 = least == "TLS13";
  return tls;
}

}  // namespace

Result<WebConfig> load_web_config(const std::string& path) {
  WebConfig config;
  if (path.empty()) return config;
  try {
    ConfigMap file = ConfigMap::of_file(path);
    if (std::optional<ConfigMap> tls = file.map("tls_server_config")) config.tls = read_tls(*tls);
    if (std::optional<ConfigMap> users = file.map("basic_auth_users")) {
      for (const auto& [name, hash] : users->named_texts()) {
        if (!is_password_hash(hash))
          users->refuse(name, "is no bcrypt hash ($2y$10$...); htpasswd -nB makes one");
        config.users[name] = hash;
      }
      if (config.users.empty()) file.refuse("basic_auth_users", "has no user");
    }
    file.finish();
    return config;
  } catch (const ConfigError& error) {
    return Error{error.what()};
  }
}

}  // namespace dcv::probes
