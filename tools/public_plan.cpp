// Reads lists of resolvers, resolv.conf, and names of hosts that have no address in a list.
#include "public_plan.h"

#include <netdb.h>

#include <algorithm>
#include <memory>

#include "resolve/resolver_list.h"
#include "run.h"

namespace dcv::tools {
namespace {

using Resolvers = std::vector<observe::PublicResolver>;

constexpr const char* kResolvConf = "/etc/resolv.conf";

// By this machine's own resolver; never the name that is looked for.
Result<dns::IpAddress> look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (code != 0) return Error{gai_strerror(code)};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);
  char text[NI_MAXHOST];
  if (getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, nullptr, 0,
                  NI_NUMERICHOST) != 0)
    return Error{"it has no address that can be read"};
  return dns::IpAddress::parse(text);
}

bool is_file(const std::string& word) {
  const bool is_url = word.find("://") != std::string::npos;
  return !is_url && (word.find('/') != std::string::npos || word.ends_with(".txt"));
}

using List = std::vector<resolve::ListedResolver>;

Result<List> list_in(const std::string& path) {
  const Result<std::string> text = read_file(path);
  if (!text) return Error{text.error()};
  Result<List> list = resolve::parse_resolver_list(*text, resolve::shipped_resolvers(), look_up);
  if (!list) return Error{path + ": " + list.error()};
  return list;
}

Result<Resolvers> named_by(std::string word, const PublicOptions& options) {
  if (options.via && word.find("://") == std::string::npos)
    word = std::string(observe::text(*options.via)) + "://" + word;
  return resolve::choose_resolvers({word}, resolve::shipped_resolvers(), look_up);
}

void add(const Resolvers& some, Resolvers& all) {
  for (const observe::PublicResolver& each : some) {
    const auto same = [&](const auto& known) { return known.endpoint == each.endpoint; };
    if (std::none_of(all.begin(), all.end(), same)) all.push_back(each);
  }
}

// Returns what is wrong with --resolvers; empty if nothing is.
std::string add_listed(const PublicOptions& options, resolve::PublicPlan& plan) {
  std::vector<std::string> words = options.resolvers;
  if (words.empty()) words = {"@core"};
  for (const std::string& word : words) {
    Result<List> known = is_file(word) ? list_in(word) : resolve::shipped_resolvers();
    if (!known) return known.error();
    const Result<Resolvers> some =
        is_file(word) ? resolve::over(*known, options.via) : named_by(word, options);
    if (!some) return some.error();
    if (some->empty()) {
      const std::string over =
          options.via ? " that is asked over " + std::string(observe::text(*options.via)) : "";
      return word + ": there is no resolver in it" + over;
    }
    add(*some, plan.resolvers);
    if (!options.via) add(resolve::encrypted_ways(*some, *known), plan.fallback);
  }
  return "";
}

Result<Resolvers> own_ones(const PublicOptions& options) {
  const bool named = !options.resolv_conf.empty();
  const Result<std::string> text = read_file(named ? options.resolv_conf : kResolvConf);
  if (text) return resolve::system_resolvers(*text);
  if (named) return Error{text.error()};
  return Resolvers();  // a machine may have none
}

}  // namespace

Result<resolve::PublicPlan> make_public_plan(const Options& options) {
  const auto includes = [&](check::Eye eye) {
    return options.only.empty() ||
           std::find(options.only.begin(), options.only.end(), eye) != options.only.end();
  };
  resolve::PublicPlan plan;
  plan.ask_anyway = options.public_eye.ask_anyway;
  plan.samples = options.public_eye.samples;
  plan.client_subnet = options.public_eye.client_subnet;
  if (includes(check::Eye::resolver)) {
    const std::string slip = add_listed(options.public_eye, plan);
    if (!slip.empty()) return Error{slip};
  }
  if (includes(check::Eye::system)) {
    const Result<Resolvers> own = own_ones(options.public_eye);
    if (!own) return Error{own.error()};
    add(*own, plan.resolvers);
  }
  const auto switched_off = [&](const observe::PublicResolver& each) {
    return each.endpoint.address.is_v4() ? !options.settings.ipv4 : !options.settings.ipv6;
  };
  std::erase_if(plan.resolvers, switched_off);
  std::erase_if(plan.fallback, switched_off);
  return plan;
}

}  // namespace dcv::tools
