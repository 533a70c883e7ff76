// Strict reading of YAML with yaml-cpp.
#include "strict_config.h"

#include <yaml-cpp/yaml.h>

#include <filesystem>

#include "dns/name.h"
#include "rules/near.h"
#include "run.h"

namespace dcv::probes {
namespace {

std::string line_of(const YAML::Node& node) {
  return node.Mark().is_null() ? "" : ", line " + std::to_string(node.Mark().line + 1);
}

// Quoted scalars are texts, whatever stands in them.
bool is_plain(const YAML::Node& node) {
  return node.IsScalar() && node.Tag() != "!";
}

const char* kind_of(const YAML::Node& node) {
  if (node.IsMap()) return "a mapping";
  if (node.IsSequence()) return "a list";
  return node.IsNull() ? "nothing" : "a single value";
}

}  // namespace

ConfigMap::ConfigMap(const YAML::Node& node, std::string file, std::string place)
    : file_(std::move(file)),
      place_(std::move(place)),
      node_(std::make_shared<const YAML::Node>(node)) {
  if (node.IsNull()) return;
  if (!node.IsMap()) refuse("", std::string("a mapping was expected, not ") + kind_of(node));
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar())
      throw ConfigError(file_ + line_of(entry.first) + ": a key is not a word");
    if (!seen.insert(entry.first.Scalar()).second)
      throw ConfigError(file_ + line_of(entry.first) + ": " + named(entry.first.Scalar()) +
                        " stands here twice");
  }
}

ConfigMap ConfigMap::of_file(const std::string& path) {
  const Result<std::string> text = tools::read_file(path);
  if (!text) throw ConfigError(text.error());
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(*text);
    if (documents.size() > 1) throw ConfigError(path + ": has more than one document");
    return {documents.empty() ? YAML::Node() : documents.front(), path, ""};
  } catch (const YAML::Exception& error) {
    const std::string line =
        error.mark.is_null() ? "" : ", line " + std::to_string(error.mark.line + 1);
    throw ConfigError(path + line + ": no YAML: " + error.msg);
  }
}

std::string ConfigMap::named(const std::string& key) const {
  const std::string dot = place_.empty() || key.empty() ? "" : ".";
  return place_ + dot + key;
}

void ConfigMap::refuse(const std::string& key, const std::string& what) const {
  const YAML::Node value = !key.empty() && node_->IsMap() ? (*node_)[key] : YAML::Node();
  const std::string name = named(key);
  throw ConfigError(file_ + line_of(value.IsDefined() && !value.IsNull() ? value : *node_) + ": " +
                    (name.empty() ? "" : name + ": ") + what);
}

std::shared_ptr<const YAML::Node> ConfigMap::take(const std::string& key) {
  known_.insert(key);
  if (!node_->IsMap()) return nullptr;
  const YAML::Node value = (*node_)[key];
  if (!value.IsDefined()) return nullptr;
  if (value.IsNull()) refuse(key, "has no value");
  return std::make_shared<const YAML::Node>(value);
}

std::optional<std::string> ConfigMap::text(const std::string& key) {
  const auto value = take(key);
  if (!value) return std::nullopt;
  if (!value->IsScalar()) refuse(key, std::string("a text was expected, not ") + kind_of(*value));
  if (value->Scalar().empty()) refuse(key, "is empty");
  return value->Scalar();
}

std::optional<double> ConfigMap::number(const std::string& key, double least, double most) {
  const auto value = take(key);
  if (!value) return std::nullopt;
  double number = 0;
  const bool is_number = is_plain(*value) && YAML::convert<double>::decode(*value, number);
  if (is_number && number >= least && number <= most) return number;
  char range[64];
  std::snprintf(range, sizeof range, "a number from %g to %g was expected, not ", least, most);
  refuse(key, range + (value->IsScalar() ? dns::quoted(value->Scalar()) : kind_of(*value)));
}

std::optional<bool> ConfigMap::flag(const std::string& key) {
  const auto value = take(key);
  if (!value) return std::nullopt;
  if (is_plain(*value) && value->Scalar() == "true") return true;
  if (is_plain(*value) && value->Scalar() == "false") return false;
  refuse(key, "true or false was expected, not " +
                  (value->IsScalar() ? dns::quoted(value->Scalar()) : kind_of(*value)));
}

std::vector<std::string> ConfigMap::texts(const std::string& key) {
  const auto value = take(key);
  if (!value) return {};
  if (!value->IsSequence()) refuse(key, std::string("a list was expected, not ") + kind_of(*value));
  std::vector<std::string> texts;
  for (const auto& each : *value) {
    if (!each.IsScalar() || each.Scalar().empty()) refuse(key, "a list of texts was expected");
    texts.push_back(each.Scalar());
  }
  return texts;
}

std::optional<ConfigMap> ConfigMap::map(const std::string& key) {
  const auto value = take(key);
  if (!value) return std::nullopt;
  return ConfigMap(*value, file_, named(key));
}

std::string ConfigMap::path(const std::string& key) {
  const auto value = text(key);
  if (!value) return "";
  return (std::filesystem::path(file_).parent_path() / *value).string();
}

std::vector<std::pair<std::string, ConfigMap>> ConfigMap::named_maps() {
  std::vector<std::pair<std::string, ConfigMap>> all;
  if (!node_->IsMap()) return all;
  for (const auto& entry : *node_) {
    known_.insert(entry.first.Scalar());
    all.emplace_back(entry.first.Scalar(),
                     ConfigMap(entry.second, file_, named(entry.first.Scalar())));
  }
  return all;
}

std::vector<std::pair<std::string, std::string>> ConfigMap::named_texts() {
  std::vector<std::pair<std::string, std::string>> all;
  if (!node_->IsMap()) return all;
  for (const auto& entry : *node_)
    all.emplace_back(entry.first.Scalar(), text(entry.first.Scalar()).value_or(""));
  return all;
}

void ConfigMap::finish() const {
  if (!node_->IsMap()) return;
  for (const auto& entry : *node_) {
    const std::string& key = entry.first.Scalar();
    if (known_.contains(key)) continue;
    const std::vector<std::string_view> words(known_.begin(), known_.end());
    const std::string where = place_.empty() ? "" : place_ + ": ";
    throw ConfigError(file_ + line_of(entry.first) + ": " + where +
                      rules::unknown_word("key", key, words));
  }
}

}  // namespace dcv::probes
