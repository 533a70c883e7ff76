// Reading lists of resolvers, line by line.
#include "resolve/resolver_list.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>

#include "resolve/endpoint_text.h"
#include "resolve/shipped_resolvers.h"

namespace dcv::resolve {
namespace {

using observe::Endpoint;
using observe::Transport;

constexpr std::string_view kSpace = " \t\r";

// Member states of the European Union, for the group "eu".
constexpr std::string_view kUnion[] = {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "EU",
                                       "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
                                       "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"};

struct Words {
  std::string endpoint;
  std::map<std::string, std::string> facts;
};

// The words of a line; quotes keep spaces together. A comment ends it.
Result<Words> split(std::string_view line) {
  Words words;
  std::size_t at = 0;
  while ((at = line.find_first_not_of(kSpace, at)) != std::string_view::npos) {
    if (line[at] == '#') break;
    std::string word;
    bool quoted = false;
    for (; at < line.size() && (quoted || kSpace.find(line[at]) == std::string_view::npos); ++at) {
      if (line[at] == '"')
        quoted = !quoted;
      else
        word += line[at];
    }
    if (quoted) return Error{"a quotation mark is not closed"};
    const std::size_t equals = word.find('=');
    if (words.endpoint.empty()) {
      words.endpoint = word;
    } else if (equals == std::string::npos) {
      return Error{"\"" + dns::escape(word, "\"") + "\" is not of the form key=value"};
    } else if (!words.facts.insert({word.substr(0, equals), word.substr(equals + 1)}).second) {
      return Error{word.substr(0, equals) + " is given twice"};
    }
  }
  return words;
}

std::optional<double> seconds(const std::string& text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string lower(std::string text) {
  for (char& each : text)
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
  return text;
}

const ListedResolver* find_address(const std::vector<ListedResolver>& known,
                                   const dns::IpAddress& address) {
  const auto found = std::find_if(known.begin(), known.end(), [&](const ListedResolver& each) {
    return each.endpoints.front().address == address;
  });
  return found == known.end() ? nullptr : &*found;
}

const Endpoint* endpoint_over(const ListedResolver& listed, Transport transport) {
  for (const Endpoint& each : listed.endpoints)
    if (each.transport == transport) return &each;
  return nullptr;
}

// The first listed resolver that has this name on its certificate.
const ListedResolver* find_host(const std::vector<ListedResolver>& known,
                                const WrittenEndpoint& written) {
  for (const ListedResolver& each : known) {
    const Endpoint* offered = endpoint_over(each, written.transport);
    if (offered != nullptr && lower(offered->host) == lower(written.host)) return &each;
  }
  return nullptr;
}

class LineReader {
 public:
  LineReader(Words words, const std::vector<ListedResolver>& known, const HostLookup& look_up)
      : words_(std::move(words)), known_(known), look_up_(look_up) {}

  Result<ListedResolver> read() {
    const Result<WrittenEndpoint> written = parse_endpoint(words_.endpoint);
    if (!written) return Error{written.error()};
    const bool bare = !written->transport_given && written->port == 53 && words_.facts.empty();
    const Result<dns::IpAddress> address = address_of(*written);
    if (!address) return Error{address.error()};
    Endpoint endpoint{written->transport, *address,      written->port,
                      written->host,      written->path, written->post};
    if (const ListedResolver* listed = find_address(known_, *address)) {
      result_ = *listed;
      const Endpoint* offered = endpoint_over(*listed, Transport::tls);
      if (endpoint.transport == Transport::tls && endpoint.host.empty() && offered != nullptr)
        endpoint.host = offered->host;
      if (bare) return result_;  // offers what the list knows of it
      result_.endpoints.clear();
    }
    if (take("udp") != "no" || written->transport_given) result_.endpoints.push_back(endpoint);
    take_facts(*address);
    if (!fault_.empty()) return Error{fault_};
    if (!words_.facts.empty()) return Error{"unknown key " + words_.facts.begin()->first};
    if (result_.endpoints.empty()) return Error{"udp=no leaves no way to ask it"};
    return result_;
  }

 private:
  std::string take(const std::string& key) {
    const auto node = words_.facts.extract(key);
    return node ? node.mapped() : std::string();
  }
  void take(const std::string& key, std::string& into) {
    if (words_.facts.contains(key)) into = take(key);
  }
  void take(const std::string& key, std::optional<double>& into) {
    if (!words_.facts.contains(key)) return;
    into = seconds(take(key));
    if (!into) fault_ = key + " is a number of seconds";
  }

  Result<dns::IpAddress> address_of(const WrittenEndpoint& written) {
    const std::string told = take("ip");
    if (written.address) {
      if (!told.empty()) return Error{"ip= beside an address"};
      return *written.address;
    }
    if (!told.empty()) return dns::IpAddress::parse(told);
    if (const ListedResolver* listed = find_host(known_, written))
      return listed->endpoints.front().address;
    return look_up_(written.host);
  }

  void take_facts(const dns::IpAddress& address) {
    observe::Resolver& facts = result_.resolver;
    take("id", result_.key);
    take("operator", facts.operator_name);
    take("service", facts.service);
    take("country", facts.country);
    if (words_.facts.contains("anycast")) facts.anycast = take("anycast") == "yes";
    take("filtering", facts.filtering);
    take("dnssec", facts.validates);
    take("ecs", facts.client_subnet);
    take("flush", facts.flush_page);
    take("twin", facts.twin);
    take("instance", facts.instance);
    take("ttl_cap", facts.ttl_cap);
    take("negative_cap", facts.negative_cap);
    take_endpoint("tls", "tls://", address);
    take_endpoint("https", "", address);
    if (words_.facts.contains("set")) result_.groups = {take("set")};
    add_groups();
  }

  void take_endpoint(const std::string& key, const std::string& prefix,
                     const dns::IpAddress& address) {
    const std::string text = take(key);
    if (text.empty()) return;
    const Result<WrittenEndpoint> written = parse_endpoint(prefix + text);
    if (!written) {
      fault_ = written.error();
      return;
    }
    const std::string host = written->host.empty() ? written->address->text() : written->host;
    result_.endpoints.push_back(
        {written->transport, address, written->port, host, written->path, written->post});
  }

  void add_groups() {
    const observe::Resolver& facts = result_.resolver;
    const auto add = [&](const std::string& group) {
      if (std::find(result_.groups.begin(), result_.groups.end(), group) == result_.groups.end())
        result_.groups.push_back(group);
    };
    if (!facts.country.empty()) add(lower(facts.country));
    if (std::find(std::begin(kUnion), std::end(kUnion), facts.country) != std::end(kUnion))
      add("eu");
    if (facts.anycast) add("anycast");
  }

  Words words_;
  const std::vector<ListedResolver>& known_;
  const HostLookup& look_up_;
  ListedResolver result_;
  std::string fault_;
};

}  // namespace

Result<std::vector<ListedResolver>> parse_resolver_list(std::string_view text,
                                                        const std::vector<ListedResolver>& known,
                                                        const HostLookup& look_up) {
  std::vector<ListedResolver> list;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::size_t start = line.find_first_not_of(kSpace);
    if (start == std::string_view::npos || line[start] == '#' || line[start] == ';') continue;
    const auto fault = [&](const std::string& what) {
      return Error{"line " + std::to_string(number) + ": " + what};
    };
    Result<Words> words = split(line);
    if (!words) return fault(words.error());
    Result<ListedResolver> listed = LineReader(std::move(words).value(), known, look_up).read();
    if (!listed) return fault(listed.error());
    list.push_back(std::move(listed).value());
  }
  return list;
}

const std::vector<ListedResolver>& shipped_resolvers() {
  static const std::vector<ListedResolver> kList = [] {
    const HostLookup none = [](const std::string& host) { return Error{"no address for " + host}; };
    Result<std::vector<ListedResolver>> list =
        parse_resolver_list(shipped_resolver_text(), {}, none);
    if (!list) throw std::logic_error("resolvers.txt: " + list.error());
    return std::move(list).value();
  }();
  return kList;
}

}  // namespace dcv::resolve
