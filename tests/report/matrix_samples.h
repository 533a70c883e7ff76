#pragma once
// Matrices made by hand for the tests of their renderers: they depend on no check.

#include "report/matrix.h"
#include "report/samples.h"

namespace dcv::testing {

using check::Eye;
using observe::Sight;

inline check::Row authority_row(const std::string& server, const std::string& address) {
  check::Row row;
  row.eye = Eye::authority;
  row.zone = "shop-dcv.example";
  row.who = server;
  row.address = address;
  row.transport = "udp";
  row.seen.sight = Sight::holds;
  row.seen.values = {"LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo"};
  row.seen.ttl = 60;
  row.word = "holds";
  row.samples = row.samples_holding = 2;
  row.round_trip = 0.0123;
  return row;
}

inline check::Row resolver_row(const std::string& who, const std::string& address) {
  check::Row row = authority_row(who, address);
  row.eye = Eye::resolver;
  row.zone.clear();
  row.country = "anycast";
  row.samples = row.samples_holding = 3;
  return row;
}

inline check::Row odd(check::Row row, Sight sight, const std::string& word,
                      const std::string& reason, std::optional<double> wait = std::nullopt) {
  row.odd = true;
  row.seen = {};
  row.seen.sight = sight;
  row.word = word;
  row.samples_holding = 0;
  row.wait_seconds = wait;
  row.reason = reason;
  return row;
}

inline check::Finding cached_denial() {
  return {.id = "visibility-negative-cached",
          .severity = check::Severity::notice,
          .affects = check::Affects::client,
          .subject = "app.shop-dcv.example.",
          .message = "Google remembers for 4 min 31 s more that there was no TXT record",
          .arguments = {{"operator", "Google"}},
          .evidence = {{"Google (8.8.8.8)", "app.shop-dcv.example. TXT", "NXDOMAIN", 1790000000.5}},
          .remedy = {.action = "Wait, or flush it at https://dns.google/cache", .edits = {}}};
}

// An observation with one target that an alias delegates, and the matrix of it.
struct MatrixSample {
  observe::Observation observation;
  report::Matrix matrix;

  MatrixSample() {
    observation.tool_version = "0.1.0";
    observation.started_at = observation.now = 1790000000;
    observation.stats = {.queries = 42, .seconds = 0.31, .round_trips = 6, .limits = {}};
    observe::Target target;
    target.identifier = "app.shop.example";
    target.validation_name = dns::Name::of("_acme-challenge.app.shop.example");
    target.expected = {"LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo"};
    target.steps.resize(2);
    target.steps[0].name = target.validation_name;
    target.steps[1].name = dns::Name::of("app.shop-dcv.example");
    target.steps[0].zone = dns::Name::of("shop.example");
    target.steps[1].zone = dns::Name::of("shop-dcv.example");
    observation.targets.push_back(target);
  }
  MatrixSample(const MatrixSample&) = delete;
  MatrixSample& operator=(const MatrixSample&) = delete;

  // Call when the matrix is complete.
  report::Propagations propagations() {
    matrix.target = &observation.targets.front();
    return {&observation, {matrix}, matrix.propagation.verdict};
  }
};

// One stale authority, and resolvers of which two differ.
struct DifferingSample : MatrixSample {
  DifferingSample() {
    check::Row old = odd(authority_row("ns2.shop-dcv.example", "185.136.97.20"), Sight::other,
                         "old value", "authority-txt-differs", 7200);
    old.seen.values = {"evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA"};
    old.seen.ttl = 60;
    check::Row denied = odd(resolver_row("Google", "8.8.8.8"), Sight::nxdomain, "NXDOMAIN",
                            "visibility-negative-cached", 271);
    denied.seen.negative_ttl = 271;
    denied.samples_holding = 1;
    check::Row silent = odd(resolver_row("Quad9", "2620:fe::fe"), Sight::silent, "silent", "");
    silent.round_trip = std::nullopt;
    silent.samples = 0;
    check::Row tls = resolver_row("Cloudflare", "1.1.1.1");
    tls.transport = "tls";
    tls.instance = "res301.ams";
    check::Row system = resolver_row("192.168.1.1", "192.168.1.1");
    system.eye = Eye::system;
    system.country = "";
    matrix.propagation = {.rows = {old, authority_row("ns1.shop-dcv.example", "185.136.96.20"),
                                   authority_row("ns1.shop-dcv.example", "2a07:a8c0::20"),
                                   authority_row("ns3.shop-dcv.example", "185.136.98.20"), denied,
                                   silent, tls, resolver_row("Cloudflare", "1.0.0.1"),
                                   resolver_row("DNS.SB", "185.222.222.222"), system},
                          .authorities = 4,
                          .authorities_holding = 3,
                          .resolvers = 6,
                          .resolvers_holding = 4,
                          .verdict = check::Verdict::at_risk,
                          .wait_seconds = 7200,
                          .certainty = "full",
                          .summary = "Only some have it: ns2.shop-dcv.example gives an old value."};
    matrix.judgement = at_risk_target();
    matrix.judgement.findings = {lame_finding(), cached_denial(), hygiene_finding()};
    matrix.judgement.findings[0].id = "authority-txt-differs";
  }
};

}  // namespace dcv::testing
