// Environment and configuration file; every message says where the slip stands.
#include "lasting_options.h"

#include <boost/program_options.hpp>
#include <cstdlib>
#include <sstream>

#include "run.h"

namespace dcv::tools {
namespace {

namespace po = boost::program_options;

std::string default_config() {
  const char* base = std::getenv("XDG_CONFIG_HOME");
  if (base && *base) return std::string(base) + "/dcvtools/config";
  const char* home = std::getenv("HOME");
  return home ? std::string(home) + "/.config/dcvtools/config" : "";
}

std::string variable_of(const std::string& option) {
  std::string name = "DCV_";
  for (const char c : option) name += c == '-' ? '_' : static_cast<char>(std::toupper(c));
  return name;
}

// The option and value in one line of a configuration file, none in an empty line.
std::vector<po::option> options_in(const std::string& line, const po::options_description& known) {
  if (line.starts_with("[")) throw UsageError("there are no sections, as in \"" + line + "\"");
  std::istringstream text(line + "\n");
  po::parsed_options parsed = po::parse_config_file(text, known);
  po::variables_map judged;
  po::store(parsed, judged);
  return parsed.options;
}

}  // namespace

void read_environment(const po::options_description& known, po::variables_map& values,
                      Places& places) {
  const auto option_of = [&](const std::string& variable) {
    for (const auto& option : known.options()) {
      if (variable_of(option->long_name()) == variable) return option->long_name();
    }
    return std::string();
  };
  try {
    const po::parsed_options parsed = po::parse_environment(known, option_of);
    for (const po::option& each : parsed.options) {
      if (values.count(each.string_key) == 0 || values[each.string_key].defaulted())
        places[each.string_key] = variable_of(each.string_key);
    }
    po::store(parsed, values);
  } catch (const po::error& error) {
    throw UsageError(std::string("in the environment (DCV_…): ") + error.what());
  }
}

void read_config(const std::string& path, const po::options_description& known,
                 po::variables_map& values, Places& places) {
  const std::string name = path.empty() ? default_config() : path;
  const Result<std::string> text = read_file(name);
  if (!text) {
    if (!path.empty()) throw UsageError("the configuration file: " + text.error());
    return;
  }
  std::istringstream lines(*text);
  po::parsed_options all(&known);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string place = name + ", line " + std::to_string(++number);
    try {
      for (po::option& each : options_in(line, known)) {
        if (values.count(each.string_key) == 0 || values[each.string_key].defaulted())
          places[each.string_key] = place + ": " + each.string_key;
        all.options.push_back(std::move(each));
      }
    } catch (const po::invalid_config_file_syntax&) {
      throw UsageError(place + ": \"option = value\" was expected, not \"" + line + "\"");
    } catch (const std::exception& error) {
      throw UsageError(place + ": " + error.what());
    }
  }
  try {
    po::store(all, values);
  } catch (const po::error& error) {
    throw UsageError(name + ": " + error.what());
  }
}

}  // namespace dcv::tools
