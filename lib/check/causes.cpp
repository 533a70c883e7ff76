// The table of rules from cause to effect, and the order that follows from it.
#include "check/causes.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>

#include "dns/ip.h"

namespace dcv::check {
namespace {

using enum Relation;
using Findings = std::vector<Finding>;
using Words = std::set<std::string, std::less<>>;

// The first row that fits decides. Only what is so whenever the relation holds: a finding without a
// cause is better than one with a wrong one.
constexpr Rule kRules[] = {
    // What nobody registered has no records of any kind.
    {"delegation-domain-missing", "web-no-address", below},
    {"delegation-domain-missing", "tls-no-address", below},
    {"delegation-domain-missing", "mail-no-exchange", below},
    // Servers refuse a zone that nobody has created on them.
    {"provider-zone-unclaimed", "delegation-all-lame", same_subject},
    // Who answers nothing that can be read gives no usable answer.
    {"transport-malformed", "delegation-all-unreachable", same_servers},
    {"transport-mismatched-replies", "delegation-all-unreachable", same_servers},
    // The question for CAA fails as all questions to these servers do.
    {"transport-edns-intolerant", "caa-lookup-fails", same_servers},
    {"transport-udp-silent", "caa-lookup-fails", same_servers},
    {"delegation-soa-missing", "caa-lookup-fails", same_servers},
    // Servers that only the parent still lists are nobody's business any more.
    {"delegation-old-provider", "delegation-server-lame", named_subject},
    {"delegation-old-provider", "delegation-server-unreachable", named_subject},
    {"delegation-old-provider", "authority-txt-differs", named_servers},
    {"delegation-ns-sets-differ", "delegation-server-lame", named_subject},
    {"delegation-ns-sets-differ", "delegation-server-unreachable", named_subject},
    {"delegation-ns-sets-differ", "delegation-ipv6-dead", named_subject},
    {"delegation-ns-sets-differ", "delegation-server-without-address", named_subject},
    {"delegation-ns-sets-differ", "authority-txt-differs", named_servers},
    // At a former address is nothing, or a former copy.
    {"delegation-glue-differs", "delegation-server-lame", named_servers},
    {"delegation-glue-differs", "delegation-server-unreachable", named_servers},
    {"delegation-glue-differs", "authority-addresses-differ", named_servers},
    // A server that does not fetch the zone is behind in everything.
    {"authority-txt-differs", "caa-differs", named_servers},
    {"authority-txt-differs", "dnssec-signature-expired", named_servers},
    {"authority-serial-differs", "caa-differs", named_servers},
    {"authority-serial-differs", "dnssec-signature-expired", named_servers},
    {"caa-differs", "caa-forbids", some_servers},
    // What is left over makes the answer long.
    {"value-extra", "transport-truncated", too_large},
    // How an alias came to lead elsewhere; and what is there does not matter then.
    {"alias-target-dot-lost", "delegate-target-differs", meant_target},
    {"provider-host-differs", "delegate-target-differs", meant_target},
    {"delegate-target-differs", "alias-target-nxdomain", same_alias},
    {"delegate-target-differs", "alias-target-unregistered", same_alias},
    // Resolvers cannot have what the authorities do not give.
    {"delegation-all-lame", "visibility-resolver-fails", below},
    {"delegation-all-lame", "visibility-authority-lacks", same_target},
    {"alias-target-nxdomain", "visibility-authority-lacks", same_target},
    {"authority-txt-differs", "visibility-authority-lacks", same_target},
    {"value-expected-absent", "visibility-authority-lacks", same_target},
    {"value-none", "visibility-authority-lacks", same_target},
};

constexpr int kUdpPayload = 1232;  // bytes, as the walk offers them

std::string argument(const Finding& finding, const std::string& name) {
  const auto found = finding.arguments.find(name);
  return found == finding.arguments.end() ? "" : found->second;
}

bool is_within(const std::string& name, const std::string& zone) {
  return name == zone || zone == "." || name.ends_with("." + zone);
}

// Host names and addresses out of "ns1.shop.example (192.0.2.1, 2001:db8::1) and ns2.shop.example".
Words words_in(const std::string& text) {
  Words words;
  std::string word;
  for (const char each : text + " ") {
    if (each != ' ' && each != ',' && each != '(' && each != ')') {
      word += each;
    } else {
      if (!word.empty() && word != "and" && word != "none") words.insert(word);
      word.clear();
    }
  }
  return words;
}

// Of "ns1.shop.example (192.0.2.1)".
std::string host_in(const std::string& server) {
  return server.substr(0, server.find(' '));
}

Words hosts_of(const Finding& finding) {
  Words hosts;
  for (const Evidence& each : finding.evidence) hosts.insert(host_in(each.server));
  return hosts;
}

// Every host that the effect blames has a finding of the cause's kind.
bool has_same_servers(const Finding& cause, const Finding& effect, const Findings& all) {
  Words blamed = words_in(argument(effect, "servers")), explained;
  std::erase_if(blamed, [](const auto& word) { return !!dns::IpAddress::parse(word); });
  for (const Finding& each : all)
    if (each.id == cause.id) explained.merge(hosts_of(each));
  const Words hosts = hosts_of(cause);
  return std::ranges::includes(explained, blamed) &&
         std::ranges::any_of(hosts, [&](const auto& host) { return blamed.contains(host); });
}

Words named_by(const Finding& cause) {
  Words named;
  for (const char* name : {"only_parent", "glue", "lagging"})
    named.merge(words_in(argument(cause, name)));
  return named;
}

// Without the servers that the cause names nothing would be left of the effect: all others say the
// same, or none are shown.
bool rests_on_named(const Finding& cause, const Finding& effect) {
  const Words named = named_by(cause);
  Words said_by_named, said_by_others;
  for (const Evidence& each : effect.evidence) {
    const Words server = words_in(each.server);
    const bool is_named =
        std::ranges::any_of(server, [&](const auto& word) { return named.contains(word); });
    (is_named ? said_by_named : said_by_others).insert(each.saw);
  }
  return said_by_others.size() <= 1 && !std::ranges::includes(said_by_others, said_by_named);
}

bool is_about_named(const Finding& cause, const Finding& effect) {
  const std::string server = effect.subject.substr(0, effect.subject.size() - 1);
  return argument(cause, "zone") == argument(effect, "zone") && named_by(cause).contains(server);
}

bool is_of_some_servers(const Finding& cause, const Finding& effect) {
  Words of_cause, of_effect;
  for (const Evidence& each : cause.evidence) of_cause.insert(each.server);
  for (const Evidence& each : effect.evidence) of_effect.insert(each.server);
  return cause.subject == effect.subject && !of_effect.empty() &&
         of_effect.size() < of_cause.size() && std::ranges::includes(of_cause, of_effect);
}

bool is_too_large(const Finding& effect) {
  const std::string bytes = argument(effect, "bytes");
  int count = 0;
  std::from_chars(bytes.data(), bytes.data() + bytes.size(), count);
  return count > kUdpPayload;
}

bool holds(Relation relation, const Finding& cause, const Finding& effect, const Findings& all) {
  switch (relation) {
    case same_subject:
      return cause.subject == effect.subject;
    case below:
      return is_within(effect.subject, cause.subject);
    case same_target:
      return true;
    case same_servers:
      return has_same_servers(cause, effect, all);
    case named_servers:
      return rests_on_named(cause, effect);
    case named_subject:
      return is_about_named(cause, effect);
    case some_servers:
      return is_of_some_servers(cause, effect);
    case same_alias:
      return argument(effect, "owner") == argument(cause, "name");
    case meant_target:
      return argument(effect, "wanted") ==
             argument(cause, cause.arguments.contains("meant") ? "meant" : "wanted");
    case too_large:
      return cause.subject == effect.subject && is_too_large(effect);
  }
  return false;
}

const Finding* direct_cause(const Finding& effect, const Findings& all) {
  for (const Rule& rule : kRules) {
    if (rule.effect != effect.id) continue;
    for (const Finding& cause : all)
      if (cause.id == rule.cause && holds(rule.relation, cause, effect, all)) return &cause;
  }
  return nullptr;
}

bool is(const Finding& finding, const Cause& cause) {
  return finding.id == cause.id && finding.subject == cause.subject;
}

}  // namespace

std::span<const Rule> cause_rules() {
  return kRules;
}

// The rules make no circle (tests/check/causes_test.cpp), so this ends.
void find_causes(Findings& findings) {
  for (Finding& effect : findings) {
    const Finding* root = direct_cause(effect, findings);
    if (root == nullptr) continue;
    while (const Finding* next = direct_cause(*root, findings)) root = next;
    effect.cause = Cause{root->id, root->subject};
  }
}

std::vector<std::size_t> order_by_cause(const std::vector<const Finding*>& findings) {
  struct Tree {
    std::size_t root;
    std::vector<std::size_t> consequences = {};
    bool explains_error = false;
  };
  std::vector<Tree> trees;
  for (std::size_t i = 0; i < findings.size(); ++i)
    if (!findings[i]->cause) trees.push_back({i});
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (!findings[i]->cause) continue;
    const auto tree = std::ranges::find_if(
        trees, [&](const Tree& each) { return is(*findings[each.root], *findings[i]->cause); });
    if (tree == trees.end()) {
      trees.push_back({i});
      continue;
    }
    tree->consequences.push_back(i);
    tree->explains_error = tree->explains_error || findings[i]->severity == Severity::error;
  }
  std::ranges::stable_sort(trees, {}, [&](const Tree& tree) {
    return std::tuple(findings[tree.root]->severity, !tree.explains_error, tree.root);
  });
  std::vector<std::size_t> order;
  for (const Tree& tree : trees) {
    order.push_back(tree.root);
    order.insert(order.end(), tree.consequences.begin(), tree.consequences.end());
  }
  return order;
}

const Finding& root_of(const Finding& finding, const Findings& findings) {
  if (!finding.cause) return finding;
  const auto root =
      std::ranges::find_if(findings, [&](const Finding& each) { return is(each, *finding.cause); });
  return root == findings.end() ? finding : *root;
}

}  // namespace dcv::check
