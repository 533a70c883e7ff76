// The JSON of scenario.json and base.json turned into plain values; see scenario_json.h.

#include "lab/scenario_json.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "lab/scenario_field.h"
#include "lab/scenario_web.h"

namespace dcv::lab {
namespace {

dns::Rcode read_rcode(const Field& field) {
  std::map<std::string, dns::Rcode> words;
  for (std::uint16_t code = 0; code < 24; ++code) {
    words.emplace(dns::text(dns::Rcode{code}), dns::Rcode{code});
  }
  return field.word(words);
}

void read_behaviour(const Field& field, Behaviour& to) {
  const auto flag = [](bool& target) {
    return [to_set = &target](const Field& f) { *to_set = f.truth(); };
  };
  field.members({
      {"rcode", [&](const Field& f) { to.rcode = read_rcode(f); }},
      {"rcode_by_type",
       [&](const Field& f) {
         f.each_key([&](const std::string& key, const Field& value) {
           const auto type = dns::record_type(key);
           if (!type) value.fail("is not for a record type");
           to.rcode_by_type[*type] = read_rcode(value);
         });
       }},
      {"drop", flag(to.drop)},
      {"closed", flag(to.closed)},
      {"loss", [&](const Field& f) { to.loss = f.number(0, 1); }},
      {"delay_ms", [&](const Field& f) { to.delay_ms = static_cast<int>(f.number(0, 60000)); }},
      {"udp",
       [&](const Field& f) {
         to.udp_drop = f.word<bool>({{"drop", true}});
       }},
      {"tcp",
       [&](const Field& f) {
         to.tcp = f.word<TcpFault>({{"refuse", TcpFault::refuse}, {"drop", TcpFault::drop}});
       }},
      {"truncate", flag(to.truncate)},
      {"lower_case", flag(to.lower_case)},
      {"wrong_id", flag(to.wrong_id)},
      {"garbage", flag(to.garbage)},
      {"edns",
       [&](const Field& f) {
         to.edns = f.word<EdnsFault>({{"formerr", EdnsFault::formerr},
                                      {"notimp", EdnsFault::notimp},
                                      {"drop", EdnsFault::drop},
                                      {"ignore", EdnsFault::ignore}});
       }},
      {"no_aa", flag(to.no_aa)},
      {"recursion_available", flag(to.recursion_available)},
      {"recursive", flag(to.recursive)},
      {"refuse_non_recursive", flag(to.refuse_non_recursive)},
      {"no_soa", flag(to.no_soa)},
      {"soa_in_answer", flag(to.soa_in_answer)},
      {"no_denial", flag(to.no_denial)},
      {"upward_referral", flag(to.upward_referral)},
      {"alternate", [&](const Field& f) { to.alternate = f.text(); }},
  });
}

ZoneChoice read_choice(const Field& field) {
  const std::string text = field.text();
  const auto colon = text.find(':');
  auto apex = dns::Name::parse(text.substr(0, colon));
  if (!apex) field.fail("is not a zone: " + apex.error());
  return {apex->lower(), colon == std::string::npos ? "" : text.substr(colon + 1)};
}

Server read_server(const Field& field) {
  Server server;
  Behaviour common;
  std::vector<std::function<void()>> later;  // `at` needs the addresses and what is common
  field.members({{"name", [&](const Field& f) { server.name = f.name().lower().prose(); }},
                 {"addresses",
                  [&](const Field& f) {
                    f.each([&](const Field& a) { server.addresses.push_back({a.address(), {}}); });
                  }},
                 {"zones",
                  [&](const Field& f) {
                    f.each([&](const Field& z) { server.choices.push_back(read_choice(z)); });
                  }},
                 {"behaviour", [&](const Field& f) { read_behaviour(f, common); }},
                 {"at",
                  [&](const Field& f) {
                    f.each_key([&](const std::string& key, const Field& more) {
                      later.push_back([&server, key, more] {
                        const auto address = dns::IpAddress::parse(key);
                        if (!address) more.fail("is not for an IP address");
                        const auto at = std::find_if(
                            server.addresses.begin(), server.addresses.end(),
                            [&](const ServerAddress& each) { return each.address == *address; });
                        if (at == server.addresses.end())
                          more.fail("is not for an address of the server");
                        read_behaviour(more, at->behaviour);
                      });
                    });
                  }}},
                {"name", "addresses", "zones"});
  for (ServerAddress& each : server.addresses) each.behaviour = common;
  for (const auto& step : later) step();
  return server;
}

std::vector<Server> read_servers(const Field& field) {
  std::vector<Server> servers;
  field.each([&](const Field& each) { servers.push_back(read_server(each)); });
  return servers;
}

void read_expectation(const Field& field, Story& story) {
  const auto finding = [&](const Field& f) {
    ExpectedFinding expected;
    f.members({{"id", [&](const Field& v) { expected.id = v.text(); }},
               {"subject", [&](const Field& v) { expected.subject = v.text(); }},
               {"severity", [&](const Field& v) { expected.severity = v.text(); }},
               {"cause", [&](const Field& v) { expected.cause = v.text(); }}},
              {"id", "subject"});
    story.findings.push_back(std::move(expected));
  };
  field.members({{"verdict", [&](const Field& f) { story.verdict = f.text(); }},
                 {"findings", [&](const Field& f) { f.each(finding); }}},
                {"verdict", "findings"});
}

const std::map<std::string, Signing> kWaysOfCopies = {
    {"good", Signing::good},
    {"expired", Signing::expired},
    {"not-yet", Signing::not_yet},
    {"expiring", Signing::expiring},
    {"unsigned", Signing::unsigned_copy},
    {"broken-signatures", Signing::broken_signatures},
    {"other-key", Signing::other_key},
    {"unrectified", Signing::unrectified},
};

std::map<std::string, Signing> ways_of_zones() {
  std::map<std::string, Signing> ways = kWaysOfCopies;
  ways.erase("other-key");
  ways.erase("unsigned");
  ways.insert({{"wrong-ds", Signing::wrong_ds},
               {"no-ds", Signing::no_ds},
               {"unsigned-with-ds", Signing::unsigned_with_ds},
               {"unknown-algorithm", Signing::unknown_algorithm}});
  return ways;
}

dns::Nsec3Options read_nsec3(const Field& field) {
  dns::Nsec3Options options;
  field.members({{"iterations",
                  [&](const Field& f) {
                    options.iterations = static_cast<std::uint16_t>(f.number(0, 2500));
                  }},
                 {"opt_out", [&](const Field& f) { options.opt_out = f.truth(); }}});
  return options;
}

ZoneSigning read_signing(const Field& field) {
  ZoneSigning signing;
  if (field.is_text()) {
    signing.way = field.word(ways_of_zones());
    return signing;
  }
  field.members({{"way", [&](const Field& f) { signing.way = f.word(ways_of_zones()); }},
                 {"at",
                  [&](const Field& f) {
                    f.each_key([&](const std::string& server, const Field& way) {
                      signing.at[server] = way.word(kWaysOfCopies);
                    });
                  }},
                 {"nsec3", [&](const Field& f) { signing.nsec3 = read_nsec3(f); }}});
  return signing;
}

// `true`, or how it misbehaves.
std::optional<Behaviour> read_interceptor(const Field& field) {
  Behaviour behaviour;
  behaviour.recursive = true;
  if (field.is_truth()) return field.truth() ? std::optional(behaviour) : std::nullopt;
  read_behaviour(field, behaviour);
  return behaviour;
}

Scenario read_scenario(const Field& field) {
  Scenario scenario;
  Story& story = scenario.story;
  const auto sign = [&](const std::string& key, const Field& f) {
    const auto apex = dns::Name::parse(key);
    if (!apex) f.fail("is not for a zone: " + apex.error());
    scenario.sign[apex->lower()] = read_signing(f);
  };
  field.members(
      {{"title", [&](const Field& f) { story.title = f.text(); }},
       {"about", [&](const Field& f) { story.about = f.text(); }},
       {"command",
        [&](const Field& f) {
          f.each([&](const Field& word) { story.command.push_back(word.text()); });
        }},
       {"expect", [&](const Field& f) { read_expectation(f, story); }},
       {"mend", [&](const Field& f) { story.mend = f.text(); }},
       {"ipv6", [&](const Field& f) { scenario.ipv6 = f.truth(); }},
       {"intercepted", [&](const Field& f) { scenario.intercepted = read_interceptor(f); }},
       {"servers", [&](const Field& f) { scenario.servers = read_servers(f); }},
       {"web", [&](const Field& f) { scenario.web = read_web_servers(f); }},
       {"sign", [&](const Field& f) { f.each_key(sign); }}},
      {"title", "about", "command", "expect", "servers"});
  return scenario;
}

template <typename T>
Result<T> parse(const std::string& text, const std::function<T(const Field&)>& read) {
  try {
    const nlohmann::json document = nlohmann::json::parse(text);
    return read(Field(document, ""));
  } catch (const nlohmann::json::parse_error& error) {
    return Error{"no JSON: " + std::string(error.what())};
  } catch (const nlohmann::json::out_of_range&) {
    return Error{"a number in this JSON is too large"};
  } catch (const FieldError& error) {
    return Error{error.what()};
  }
}

}  // namespace

Result<Scenario> parse_scenario_json(const std::string& text) {
  return parse<Scenario>(text, read_scenario);
}

Result<std::vector<Server>> parse_base_json(const std::string& text) {
  return parse<std::vector<Server>>(text, [](const Field& field) {
    std::vector<Server> servers;
    field.members({{"servers", [&](const Field& f) { servers = read_servers(f); }}}, {"servers"});
    return servers;
  });
}

}  // namespace dcv::lab
