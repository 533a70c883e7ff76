#pragma once
// A mapping in a YAML file, read strictly: wrong types, and keys that nobody asked for, are errors
// that name file, line and key.

#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace YAML {
class Node;
}

namespace dcv::probes {

struct ConfigError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Every member function throws ConfigError for what cannot be used. What is absent is empty.
class ConfigMap {
 public:
  // The file's only document; an empty one is an empty mapping.
  static ConfigMap of_file(const std::string& path);

  std::optional<std::string> text(const std::string& key);
  std::optional<double> number(const std::string& key, double least, double most);
  std::optional<bool> flag(const std::string& key);
  std::vector<std::string> texts(const std::string& key);
  std::optional<ConfigMap> map(const std::string& key);
  // A file's path; where it is relative, it is so to the folder of this file.
  std::string path(const std::string& key);
  // Of a mapping with free keys, each with its mapping, or with its text; in the file's order.
  std::vector<std::pair<std::string, ConfigMap>> named_maps();
  std::vector<std::pair<std::string, std::string>> named_texts();

  // To be called when everything was asked for: any other key is an error.
  void finish() const;
  // An error about a key of this mapping, or about the mapping where the key is empty.
  [[noreturn]] void refuse(const std::string& key, const std::string& what) const;

 private:
  ConfigMap(const YAML::Node& node, std::string file, std::string place);

  // The value; null where the key is absent.
  std::shared_ptr<const YAML::Node> take(const std::string& key);
  std::string named(const std::string& key) const;

  std::string file_, place_;  // of "modules.dns-01": where it stands; empty at the top
  std::shared_ptr<const YAML::Node> node_;
  std::set<std::string> known_;  // keys that were asked for
};

}  // namespace dcv::probes
