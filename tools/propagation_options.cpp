// Whom to ask beside the authorities, what to show of it, and how long to wait.
#include "propagation_options.h"

#include <boost/program_options.hpp>
#include <charconv>

#include "time_text.h"
#include "value_options.h"

namespace dcv::tools {

namespace po = boost::program_options;

namespace {

using Words = std::vector<std::string>;

// Bounds against slips: more samples would be a load test, more rounds another way to wait.
constexpr int kMostSamples = 10;
constexpr int kMostRounds = 100;

int count_of(const po::variables_map& values, const char* name, int most) {
  const std::string text = text_of(values, name);
  int value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || value < 1 || value > most)
    throw ValueError(
        name, " takes a number from 1 to " + std::to_string(most) + ", not " + dns::quoted(text));
  return value;
}

// The words of an option that may be repeated, or given joined by commas.
Words words_of(const po::variables_map& values, const char* name) {
  Words words;
  for (const std::string& text : get<Words>(values, name, {})) {
    std::size_t from = 0;
    while (from <= text.size()) {
      const std::size_t comma = std::min(text.find(',', from), text.size());
      words.push_back(text.substr(from, comma - from));
      from = comma + 1;
    }
  }
  return words;
}

observe::Transport transport_of(const std::string& word) {
  for (const auto each : {observe::Transport::udp, observe::Transport::tcp, observe::Transport::tls,
                          observe::Transport::https}) {
    if (word == observe::text(each)) return each;
  }
  throw ValueError("via", " takes udp, tcp, tls or https, not " + dns::quoted(word));
}

check::Quorum quorum_of(const std::string& text) {
  const Result<check::Quorum> quorum = check::Quorum::parse(text);
  if (!quorum) throw ValueError("quorum", ": " + quorum.error());
  return *quorum;
}

// "2/3" for both groups, or "authority=all,public=2/3".
void read_quorums(const po::variables_map& values, check::WaitRules& rules) {
  for (const std::string& word : words_of(values, "quorum")) {
    const std::size_t sign = word.find('=');
    const std::string group = word.substr(0, sign);
    if (sign == std::string::npos) {
      rules.authorities = rules.resolvers = quorum_of(word);
    } else if (group == "authority") {
      rules.authorities = quorum_of(word.substr(sign + 1));
    } else if (group == "public") {
      rules.resolvers = quorum_of(word.substr(sign + 1));
    } else {
      throw ValueError("quorum",
                       " knows the groups authority and public, not " + dns::quoted(group));
    }
  }
}

}  // namespace

void add_public_options(po::options_description& options) {
  auto add = options.add_options();
  add("resolvers", po::value<Words>()->value_name("LIST"),
      "resolvers to ask, joined by commas: addresses, URLs, operators (google), groups (@eu), or a "
      "FILE, which has a / in its name or ends in .txt; may be repeated; default: @core");
  add("via", po::value<std::string>()->value_name("TRANSPORT"),
      "udp, tcp, tls or https, for the resolvers that offer it; default: the first they offer");
  add("resolv-conf", po::value<std::string>()->value_name("FILE"),
      "where this machine's own resolvers stand (default: /etc/resolv.conf); none if FILE is "
      "empty");
  add("samples", po::value<std::string>()->value_name("N")->default_value("3"),
      "questions to each resolver, since there may be several caches behind an address");
  add("ecs", po::value<std::string>()->value_name("NETWORK"),
      "look as if from this network, such as 192.0.2.0/24 (EDNS Client Subnet)");
  add("ask-anyway", po::bool_switch(),
      "ask resolvers although the authorities do not agree: those that have not looked yet will "
      "then remember that the record is missing, for as long as the zone's SOA says");
}

void add_matrix_options(po::options_description& options) {
  auto add = options.add_options();
  add("only", po::value<Words>()->value_name("GROUP"),
      "only authority, public or system; may be repeated");
  add("all", po::bool_switch(), "a line for each, also for those that have what they should");
}

void add_propagation_options(po::options_description& options) {
  auto add = options.add_options();
  add("type", po::value<std::string>()->value_name("TYPE"),
      "records of this type at NAME itself; default: TXT at the validation name");
  add("wait", po::value<std::string>()->value_name("DURATION"),
      "look until the records are there, for 90s, 10m or 1h at most");
  add("rounds", po::value<std::string>()->value_name("K"),
      "with --wait: so many times in a row on the authorities, default 3");
  add("quorum", po::value<Words>()->value_name("Q"),
      "with --wait: all (default), any or N/M must have them; also by group: "
      "authority=all,public=2/3");
  add("public", po::bool_switch(), "with --wait: then wait for the resolvers too");
}

PublicOptions read_public_options(const po::variables_map& values) {
  PublicOptions options;
  options.resolvers = words_of(values, "resolvers");
  const std::string via = text_of(values, "via"), network = text_of(values, "ecs");
  if (!via.empty()) options.via = transport_of(via);
  options.resolv_conf = text_of(values, "resolv-conf");
  options.samples = count_of(values, "samples", kMostSamples);
  options.ask_anyway = get(values, "ask-anyway", false);
  if (!network.empty()) {
    const Result<dns::ClientSubnet> subnet = dns::ClientSubnet::parse(network);
    if (!subnet) throw ValueError("ecs", ": " + subnet.error());
    options.client_subnet = *subnet;
  }
  return options;
}

std::vector<check::Eye> read_only(const po::variables_map& values) {
  std::vector<check::Eye> eyes;
  for (const std::string& word : words_of(values, "only")) {
    if (word == "authority") {
      eyes.push_back(check::Eye::authority);
    } else if (word == "public") {
      eyes.push_back(check::Eye::resolver);
    } else if (word == "system") {
      eyes.push_back(check::Eye::system);
    } else {
      throw ValueError("only", " takes authority, public or system, not " + dns::quoted(word));
    }
  }
  return eyes;
}

std::optional<dns::RecordType> read_type(const po::variables_map& values) {
  const std::string text = text_of(values, "type");
  if (text.empty()) return std::nullopt;
  const std::optional<dns::RecordType> type = dns::record_type(text);
  if (!type) throw ValueError("type", " takes a type such as TXT or CAA, not " + dns::quoted(text));
  if (type == dns::RecordType::ds)
    throw ValueError("type",
                     ": DS records stand at the servers of the parent zone, which "
                     "dcv-trace and dcv-preflight ask");
  // RFC 6895 3.1: 128 to 255 are questions and transfers, not records.
  const auto number = static_cast<std::uint16_t>(*type);
  if (number == 0 || type == dns::RecordType::opt || (number >= 128 && number <= 255))
    throw ValueError("type", ": " + dns::text(*type) +
                                 " is no type of records, and servers answer "
                                 "it as they like (RFC 8482)");
  return type;
}

std::optional<check::WaitRules> read_wait(const po::variables_map& values) {
  const std::string text = text_of(values, "wait");
  if (text.empty()) {
    for (const char* name : {"rounds", "quorum"}) {
      if (values.count(name)) throw ValueError(name, " goes with --wait only");
    }
    if (get(values, "public", false)) throw ValueError("public", " goes with --wait only");
    return std::nullopt;
  }
  check::WaitRules rules;
  const Result<double> patience = parse_duration(text);
  if (!patience) throw ValueError("wait", " " + patience.error());
  rules.patience = *patience;
  if (values.count("rounds")) rules.rounds = count_of(values, "rounds", kMostRounds);
  read_quorums(values, rules);
  rules.with_public = get(values, "public", false);
  return rules;
}

}  // namespace dcv::tools
