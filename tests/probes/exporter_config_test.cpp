// The two configuration files of the exporter.
#include "exporter_config.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "support/catch.h"
#include "web_config.h"

using namespace dcv;
using namespace dcv::probes;

namespace {

// A folder with one file, while it lives.
class File {
 public:
  explicit File(const std::string& text) {
    std::string folder = (std::filesystem::temp_directory_path() / "dcv-XXXXXX").string();
    REQUIRE(mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
    std::ofstream(path()) << text;
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { std::filesystem::remove_all(folder_); }

  std::string path() const { return (folder_ / "c.yml").string(); }
  std::filesystem::path folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

Result<ExporterConfig> load(const std::string& path) {
  const tools::Environment environment{
      "test", {}, std::cout, std::cerr, false, false, 0, 0, 0, [] { return 1790000000.0; }, {}, {}};
  tools::Options defaults;
  defaults.ca_eye = true;
  return load_exporter_config(path, defaults, environment);
}

// Of the file's configuration, without the path in front.
std::string fault(const std::string& text) {
  const File file(text);
  const auto config = load(file.path());
  if (config) return "";
  CHECK(config.error().starts_with(file.path()));
  return config.error().substr(file.path().size());
}

std::string web_fault(const std::string& text) {
  const File file(text);
  const auto config = load_web_config(file.path());
  return config ? "" : config.error().substr(file.path().size());
}

constexpr const char* kHash = "$2y$05$abcdefghijklmnopqrstuuOBmDO2mQzrRNBYcF1sYcvFNXmGh4Tp.";

}  // namespace

TEST_CASE("without a file there is one module with the usual options") {
  const auto config = load("");
  REQUIRE(config);
  CHECK(config->probes == kDefaultProbes);
  REQUIRE(config->modules.size() == 1);
  const Module& module = *config->modules.at("dns-01");
  CHECK(module.options.ca_eye);
  CHECK_FALSE(module.options.settings.allow_private);
  CHECK(module.plan.profiles.size() == 1);
  CHECK_FALSE(module.resolvers);
}

TEST_CASE("a module says how its names are probed") {
  const File file(
      "limits: {probes: 3}\n"
      "modules:\n"
      "  web:\n"
      "    method: http-01\n"
      "    ca: [letsencrypt, sectigo]\n"
      "    ca_eye: false\n"
      "    account_uris: ['https://ca.example/acct/1']\n"
      "    ip_version: 6\n"
      "    timeout: 12.5\n"
      "    query_timeout: 2\n"
      "    allow_private: true\n"
      "    root_hints: root.hints\n"
      "    public: true\n"
      "    resolvers: [8.8.8.8]\n");
  std::ofstream(file.folder() / "root.hints")
      << ". 3600000 NS a.root-servers.net.\na.root-servers.net. 3600000 A 198.41.0.4\n";
  const auto config = load(file.path());
  INFO((config ? "" : config.error()));
  REQUIRE(config);
  CHECK(config->probes == 3);
  const Module& module = *config->modules.at("web");
  CHECK(module.options.method == "http-01");
  CHECK(module.plan.profiles.size() == 2);
  CHECK_FALSE(module.plan.ca_eye);
  CHECK(module.plan.account_uris == std::vector<std::string>{"https://ca.example/acct/1"});
  CHECK_FALSE(module.plan.settings.ipv4);
  CHECK(module.plan.settings.ipv6);
  CHECK(module.plan.settings.timeout == 12.5);
  CHECK(module.plan.settings.query_timeout == 2);
  CHECK(module.plan.settings.allow_private);
  CHECK(module.plan.root_hints.size() == 1);
  REQUIRE(module.resolvers);
  const auto targets = targets_for(module, {"shop.example"});
  REQUIRE(targets);
  CHECK(targets->front().method == "http-01");
  CHECK_FALSE(targets_for(module, {"192.0.2.1"}));
  CHECK_FALSE(targets_for(module, {"*.shop.example"}));  // http-01 has no wildcards
}

TEST_CASE("slips in a configuration are named with line and key") {
  CHECK(fault("") == ": there are no modules");
  CHECK(fault("- a\n").ends_with(": a mapping was expected, not a list"));
  CHECK(fault("modules: {}\n").ends_with("there are no modules"));
  CHECK(fault("modules: {a: {}}\nmodul: 1\n") ==
        ", line 2: there is no key \"modul\"; near: modules");
  CHECK(fault("modules:\n  a:\n    tls: 1\n")
            .starts_with(", line 3: modules.a: there is no key \"tls\""));
  CHECK(fault("modules:\n  a: {}\n  a: {}\n") == ", line 3: modules.a stands here twice");
  CHECK(fault("modules:\n  a: 1\n") ==
        ", line 2: modules.a: a mapping was expected, not a single value");
  CHECK(fault("modules:\n  'a b': {}\n").find("letters, digits") != std::string::npos);
  CHECK(fault("modules:\n  a:\n    timeout: \"10\"\n") ==
        ", line 3: modules.a.timeout: a number from 0.1 to 600 was expected, not \"10\"");
  CHECK(fault("modules:\n  a:\n    timeout: .nan\n").find("a number from") != std::string::npos);
  CHECK(fault("modules:\n  a:\n    ip_version: 5\n").ends_with("ip_version: takes 4 or 6"));
  CHECK(fault("modules:\n  a:\n    ca: sectigo\n")
            .ends_with("a list was expected, not a single value"));
  CHECK(fault("modules:\n  a:\n    ca_eye: yes\n")
            .ends_with("true or false was expected, not \"yes\""));
  CHECK(fault("modules:\n  a:\n    account_uris: [acct]\n").find("takes URIs") !=
        std::string::npos);
  CHECK(fault("limits: {probes: 1001}\nmodules: {a: {}}\n").find("from 1 to 1000") !=
        std::string::npos);
  CHECK(fault("a: 1\n---\nb: 2\n") == ": has more than one document");
  CHECK(fault("modules: {a: {\n").find("no YAML") != std::string::npos);
  CHECK(load("/nowhere/c.yml").error().find("No such file") != std::string::npos);
}

TEST_CASE("a web configuration has TLS and users, and nothing that would not count") {
  const File file(
      "tls_server_config: {cert_file: a.pem, key_file: /b.pem, min_version: TLS13}\n"
      "basic_auth_users:\n  alice: " +
      std::string(kHash) + "\n");
  const auto config = load_web_config(file.path());
  REQUIRE(config);
  REQUIRE(config->tls);
  CHECK(config->tls->certificate == (file.folder() / "a.pem").string());
  CHECK(config->tls->key == "/b.pem");
  CHECK(config->tls->only_tls13);
  CHECK(config->users == std::map<std::string, std::string>{{"alice", kHash}});
  CHECK_FALSE(load_web_config("")->tls);
  CHECK(web_fault("tls_server_config: {cert_file: a.pem}").ends_with("key_file: is missing"));
  CHECK(web_fault("tls_server_config: {cert_file: a, key_file: b, cipher_suites: []}")
            .find("there is no key \"cipher_suites\"") != std::string::npos);
  CHECK(web_fault("tls_server_config: {cert_file: a, key_file: b, client_auth_type: Request}")
            .find("takes NoClientCert or") != std::string::npos);
  CHECK(web_fault("tls_server_config: {cert_file: a, key_file: b, client_ca_file: c}")
            .find("goes with") != std::string::npos);
  CHECK(web_fault("basic_auth_users: {alice: secret}").find("is no bcrypt hash") !=
        std::string::npos);
  CHECK(web_fault("basic_auth_users: {}").ends_with("has no user"));
  CHECK(web_fault("http_server_config: {http2: true}").find("there is no key") !=
        std::string::npos);
}
