// The command line of dcv-lab; see lab_options.h. By hand, since Program_options knows neither
// sub-commands nor a `--` that ends them.

#include "lab_options.h"

#include <charconv>
#include <map>
#include <optional>
#include <utility>

namespace dcv::tools {
namespace {

using Action = LabOptions::Action;

constexpr int kLongestDelay = 60000;  // milliseconds

const std::map<std::string, Action> kActions = {{"list", Action::list},
                                                {"show", Action::show},
                                                {"run", Action::run},
                                                {"serve", Action::serve},
                                                {"export", Action::export_files}};

// Takes the arguments one by one.
class Parser {
 public:
  explicit Parser(const std::vector<std::string>& arguments) : arguments_(arguments) {}

  Result<LabOptions> parse() {
    std::vector<std::string> words;
    while (at_ < arguments_.size() && error_.empty()) {
      const std::string& word = arguments_[at_++];
      if (word == "--") {
        options_.command.assign(arguments_.begin() + static_cast<std::ptrdiff_t>(at_),
                                arguments_.end());
        break;
      }
      if (word == "-h" || word == "--help") return LabOptions{};
      if (word == "-V" || word == "--version") {
        options_.action = Action::version;
        return options_;
      }
      if (word.starts_with("-") && word.size() > 1) {
        option(word);
      } else {
        words.push_back(word);
      }
    }
    if (error_.empty()) positional(words);
    if (error_.empty()) check_sense();
    if (!error_.empty()) return Error{error_};
    return options_;
  }

 private:
  void option(const std::string& word) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    inline_value_.reset();
    if (equals != std::string::npos) inline_value_ = word.substr(equals + 1);
    if (name == "--scenarios") {
      options_.scenarios = value(name);
    } else if (name == "--edit") {
      options_.edits = value(name);
    } else if (name == "--log") {
      options_.log = value(name);
    } else if (name == "--delay") {
      options_.delay_ms = milliseconds(name);
    } else if (name == "--json" && !inline_value_) {
      options_.json = true;
    } else if (name == "--here" && !inline_value_) {
      options_.here = true;
    } else {
      error_ = "there is no option " + word;
    }
  }

  std::string value(const std::string& name) {
    if (inline_value_) return *inline_value_;
    if (at_ < arguments_.size() && arguments_[at_] != "--") return arguments_[at_++];
    error_ = "option " + name + " lacks its value";
    return "";
  }

  int milliseconds(const std::string& name) {
    const std::string text = value(name);
    int number = -1;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = code == std::errc() && end == text.data() + text.size();
    if (whole && number >= 0 && number <= kLongestDelay) return number;
    if (error_.empty()) {
      error_ = "option " + name + " takes milliseconds from 0 to " + std::to_string(kLongestDelay) +
               ", not \"" + text + "\"";
    }
    return 0;
  }

  void positional(const std::vector<std::string>& words) {
    if (words.empty()) {
      error_ = "a command is missing: list, show, run, serve or export";
      return;
    }
    const auto action = kActions.find(words[0]);
    if (action == kActions.end()) {
      error_ = "\"" + words[0] + "\" is not one of list, show, run, serve and export";
      return;
    }
    options_.action = action->second;
    std::size_t wanted = options_.action == Action::list ? 1 : 2;
    if (options_.action == Action::export_files) wanted = 3;
    if (words.size() > wanted) {
      error_ = "\"" + words[wanted] + "\" is one word too many; put -- before the command to run";
    } else if (words.size() < wanted) {
      error_ = words[0] + (words.size() == 1 ? " needs a scenario" : " needs a directory");
    } else {
      if (wanted > 1) options_.scenario = words[1];
      if (wanted > 2) options_.directory = words[2];
    }
  }

  void check_sense() {
    const Action action = options_.action;
    const bool serves = action == Action::run || action == Action::serve;
    if (action != Action::run && !options_.command.empty()) {
      error_ = "only run takes a command after --";
    } else if (options_.json && action != Action::list) {
      error_ = "only list takes --json";
    } else if (options_.here && action != Action::run) {
      error_ = "only run takes --here";
    } else if (options_.delay_ms != 0 && !serves) {
      error_ = "only run and serve take --delay";
    } else if (!options_.log.empty() && !serves) {
      error_ = "only run and serve take --log";
    } else if (!options_.edits.empty() && (action == Action::list || action == Action::show)) {
      error_ = "only run, serve and export take --edit";
    }
  }

  const std::vector<std::string>& arguments_;
  std::size_t at_ = 0;
  LabOptions options_;
  std::optional<std::string> inline_value_;
  std::string error_;
};

}  // namespace

Result<LabOptions> parse_lab_options(const std::vector<std::string>& arguments) {
  return Parser(arguments).parse();
}

std::string lab_usage() {
  return R"(dcv-lab: a mini-Internet in a network namespace, to try things offline.

  dcv-lab list [--json]                     all scenarios, a line each
  dcv-lab show SCENARIO                     story, servers, zones, expected findings
  dcv-lab run SCENARIO [...] [-- COMMAND]   run a command, or the scenario's own, inside; its exit
                                            status is ours
  dcv-lab serve SCENARIO                    stay up until interrupted
  dcv-lab export SCENARIO DIRECTORY         write the zone files and servers.json

SCENARIO is a name from the list, or a path to a scenario's folder.

  --scenarios DIRECTORY   another folder of scenarios
  --edit FILE             change zones before the start (run, serve, export)
  --delay MS              let every answer come later (run, serve)
  --log FILE              a line for each question and request (run, serve)
  --here                  use the network we are in, where all addresses must be local (run)
  --json                  the list as JSON (list)
  -h, --help              print this
  -V, --version           print the version

Exit status: 64 for a slip in the command line or the scenario, 70 when the lab cannot start,
else 0 or that of the command.
)";
}

}  // namespace dcv::tools
