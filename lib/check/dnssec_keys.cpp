// Checks of a zone's keys: do they fit the parent's DS records, and are they the same everywhere.
#include <algorithm>

#include "check/ca.h"
#include "check/dnssec.h"
#include "observe/lookup.h"

namespace dcv::check::dnssec {
namespace {

Exchanges exchanges_of(const std::vector<KeyReply>& replies) {
  Exchanges exchanges;
  for (const KeyReply& reply : replies) exchanges.push_back(reply.exchange);
  return exchanges;
}

std::vector<dns::Record> all_keys(const ZoneView& view) {
  std::vector<dns::Record> keys;
  for (const KeyReply& reply : view.key_replies)
    keys.insert(keys.end(), reply.keys.begin(), reply.keys.end());
  return keys;
}

std::set<std::uint16_t> tags_of(const std::vector<dns::Record>& records) {
  std::set<std::uint16_t> tags;
  for (const dns::Record& record : records) {
    if (const auto key = dns::as_dnskey(record)) tags.insert(key->key_tag);
    if (const auto ds = dns::as_ds(record)) tags.insert(ds->key_tag);
  }
  return tags;
}

void add_ds_evidence(const Case& test, const ZoneView& view, Finding& finding) {
  add_evidence(test, view.ds_exchanges, finding);
  add_evidence(test, exchanges_of(view.key_replies), finding);
}

// The root has no parent: its DS records are the trust anchors that we were given.
Finding outdated_anchor(const Case& test, const ZoneView& view) {
  Finding finding = found(
      "dnssec-anchor-outdated", view,
      {{"keys", keys_text(all_keys(view))},
       {"anchors", keys_text(view.ds)},
       {"judged", view.fault == ChainFault::no_key ? "not judged"
                                                   : "judged by the keys that the root gives"}});
  add_evidence(test, exchanges_of(view.key_replies), finding);
  finding.remedy.action =
      "Give the keys that the root has now with --trust-anchor, or update dcvtools; if the root "
      "gives no keys at all, this network changes DNS: run it again from another one";
  return finding;
}

Finding ds_without_key(const Case& test, const ZoneView& view) {
  Finding finding = found("dnssec-ds-without-key", view, {{"tags", tags_text(tags_of(view.ds))}});
  add_ds_evidence(test, view, finding);
  if (!view.zone->probed) {
    finding.remedy = not_yours(view);
    return finding;
  }
  finding.remedy = {"Remove the DS records of " + zone_text(view.zone->apex) + " from " +
                        zone_text(view.zone->parent) +
                        ", at the registrar if that is a registry; or sign the zone with the key "
                        "that they name",
                    {ds_edit(view, view.ds, {})}};
  return finding;
}

std::string reason_text(const observe::Exchange& exchange) {
  if (exchange.reply) return dns::text(exchange.reply->rcode);
  return exchange.detail.empty() ? std::string(observe::text(exchange.outcome))
                                 : dns::escape(exchange.detail, "");
}

// Of a zone above the domain only two servers were asked.
Finding keys_unanswered(const Case& test, const ZoneView& view) {
  std::vector<std::string> reasons;
  for (const observe::Exchange* each : view.asked_for_keys) {
    const std::string reason = reason_text(*each);
    if (std::ranges::find(reasons, reason) == reasons.end()) reasons.push_back(reason);
  }
  Finding finding =
      found("dnssec-keys-unanswered", view,
            {{"servers", servers_text(view.asked_for_keys)}, {"reasons", joined(reasons)}});
  add_evidence(test, view.asked_for_keys, finding);
  if (view.zone->probed) {
    finding.remedy.action = "Make the servers of " + zone_text(view.zone->apex) +
                            " answer questions for DNSKEY records, over UDP and, since the answer "
                            "may be too large for that, over TCP port 53";
    return finding;
  }
  if (ca::proof_answers(test).empty()) finding.severity = Severity::warning;
  finding.remedy.action = "Wait and try again: " + zone_text(view.zone->apex) +
                          " lies above the domain, and its operator or the path to it is in "
                          "trouble; leave the keys and DS records of the domain as they are";
  return finding;
}

Finding ds_mismatch(const Case& test, const ZoneView& view) {
  Finding finding = found("dnssec-ds-mismatch", view,
                          {{"ds", keys_text(view.ds)}, {"keys", keys_text(all_keys(view))}});
  add_ds_evidence(test, view, finding);
  if (!view.zone->probed) {
    finding.remedy = not_yours(view);
    return finding;
  }
  const auto wanted = wanted_ds(view);
  finding.remedy = {"Put the DS record of key " + tags_text(tags_of(wanted)) + " into " +
                        zone_text(view.zone->parent) +
                        " in place of the old ones, at the registrar if that is a registry",
                    {ds_edit(view, view.ds, wanted)}};
  return finding;
}

Finding different_keys(const Case& test, const ZoneView& view) {
  std::map<std::string, Exchanges> by_keys;
  for (const KeyReply& reply : view.key_replies)
    if (!reply.keys.empty()) by_keys[keys_text(reply.keys)].push_back(reply.exchange);
  std::string sets_text;
  for (const auto& [keys, exchanges] : by_keys)
    sets_text += (sets_text.empty() ? "" : "; ") + (keys + " at " + servers_text(exchanges));
  Finding finding = found("dnssec-keys-differ", view, {{"sets", sets_text}});
  add_ds_evidence(test, view, finding);
  finding.remedy =
      view.zone->probed
          ? Remedy{"Let every server of " + zone_text(view.zone->apex) +
                       " give all keys that sign the zone anywhere: load the same signed zone on "
                       "all, or exchange the keys between the signers",
                   {}}
          : not_yours(view);
  return finding;
}

// The chain of trust could begin here, but does not.
Finding signed_without_ds(const Case& test, const ZoneView& view) {
  Finding finding = found("dnssec-signed-without-ds", view, {{"keys", keys_text(all_keys(view))}});
  add_ds_evidence(test, view, finding);
  finding.remedy = {"To have the zone validated, put this DS record into " +
                        zone_text(view.zone->parent) + ", at the registrar if that is a registry",
                    {ds_edit(view, {}, wanted_ds(view))}};
  return finding;
}

Finding unsupported(const Case& test, const ZoneView& view) {
  Finding finding = found("dnssec-algorithm-unsupported", view, {{"ds", keys_text(view.ds)}});
  add_ds_evidence(test, view, finding);
  finding.remedy.action = "Sign " + zone_text(view.zone->apex) +
                          " with algorithm 13 (ECDSAP256SHA256) and give a DS record with a "
                          "SHA-256 digest to " +
                          zone_text(view.zone->parent);
  return finding;
}

Finding many_iterations(const Case& test, const ZoneView& view) {
  Finding finding = found("dnssec-iterations-high", view,
                          {{"iterations", std::to_string(view.iterations)},
                           {"most", std::to_string(dns::kMostNsec3Iterations)}});
  add_evidence(test, {view.iterated_in}, finding);
  finding.remedy.action = "Set the NSEC3 iterations of " + zone_text(view.zone->apex) +
                          " to 0, with an empty salt, and sign it again";
  return finding;
}

}  // namespace

bool keys_differ(const ZoneView& view) {
  std::set<std::uint16_t> used, first;
  bool differ = false;
  for (const KeyReply& reply : view.key_replies) {
    const auto tags = tags_of(reply.keys);
    if (tags.empty()) continue;  // an unsigned copy
    if (first.empty()) first = tags;
    differ = differ || tags != first;
    used.insert(tags.begin(), tags.end());
  }
  if (!differ) return false;
  std::erase_if(used, [&](std::uint16_t tag) { return !view.used_tags.contains(tag); });
  return std::ranges::any_of(view.key_replies, [&](const KeyReply& reply) {
    return !reply.keys.empty() && !std::ranges::includes(tags_of(reply.keys), used);
  });
}

void check_keys(const Case& test, const ZoneView& view, std::vector<Finding>& findings) {
  const bool is_root = view.zone->apex.is_root();
  const bool without_key = view.fault == ChainFault::no_key;
  if (is_root && (without_key || view.fault == ChainFault::no_match)) {
    findings.push_back(outdated_anchor(test, view));
    return;
  }
  if (without_key) findings.push_back(ds_without_key(test, view));
  // Where a resolver like the CA's gets through, what we met was a whim of the path.
  if (view.fault == ChainFault::no_reply && !ca::gets_through(test))
    findings.push_back(keys_unanswered(test, view));
  if (view.fault == ChainFault::no_match) findings.push_back(ds_mismatch(test, view));
  if (view.fault == ChainFault::none && view.trust != Trust::insecure && keys_differ(view))
    findings.push_back(different_keys(test, view));
  if (view.fault == ChainFault::unsupported && !is_root)
    findings.push_back(unsupported(test, view));
  if (!view.zone->probed) return;
  if (view.fault == ChainFault::no_ds && !all_keys(view).empty())
    findings.push_back(signed_without_ds(test, view));
  if (view.iterations > dns::kMostNsec3Iterations) findings.push_back(many_iterations(test, view));
}

}  // namespace dcv::check::dnssec
