#pragma once
// Reports made by hand for the tests of the renderers: they depend on no check.

#include "report/report.h"

namespace dcv::testing {

inline const std::string kOldRecord =
    "_acme-challenge.app.shop.example. 60 IN TXT \"evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA\"";
inline const std::string kNewRecord =
    "_acme-challenge.app.shop.example. 60 IN TXT \"LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo\"";

inline check::Finding outdated_finding() {
  const std::string question = "_acme-challenge.app.shop.example. TXT";
  const std::string saw = "TXT \"evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA\" (TTL 60)";
  return {.id = "value-outdated",
          .severity = check::Severity::error,
          .affects = check::Affects::ca,
          .subject = "_acme-challenge.app.shop.example.",
          .message = "Every server gives an old value at _acme-challenge.app.shop.example.",
          .arguments = {{"name", "_acme-challenge.app.shop.example."}, {"count", "1"}},
          .evidence = {{"ns1.shop.example (45.90.28.10)", question, saw, 1790000000.02},
                       {"ns1.shop.example (2a07:a8c0::10)", question, saw, 1790000000.0315},
                       {"ns2.shop.example (45.90.30.10)", question, saw, 1790000000.04},
                       {"ns2.shop.example (2a07:a8c1::10)", question, saw, 1790000000.9999}},
          .remedy = {.action = "Publish the new value in place of the old one.",
                     .edits = {{.zone = "shop.example.",
                                .server = "",
                                .remove = {kOldRecord},
                                .add = {kNewRecord}}}}};
}

inline check::Finding lame_finding() {
  return {.id = "delegation-server-lame",
          .severity = check::Severity::warning,
          .affects = check::Affects::ca,
          .subject = "ns3.shop.example.",
          .message =
              "ns3.shop.example. is listed as a server of shop.example. but does not serve "
              "it: REFUSED",
          .arguments = {{"server", "ns3.shop.example."}},
          .evidence = {{"ns3.shop.example (45.90.32.10)", "shop.example. SOA", "REFUSED",
                        1790000000.1}},
          .remedy = {.action = "Take ns3.shop.example out of the NS sets, or make it serve the "
                               "zone.",
                     .edits = {{.zone = "example.",
                                .server = "",
                                .remove = {"shop.example. 3600 IN NS ns3.shop.example."},
                                .add = {}},
                               {.zone = "shop.example.",
                                .server = "ns2.shop.example.",
                                .remove = {},
                                .add = {"shop.example. 3600 IN NS ns2.shop.example."}}}}};
}

inline check::Finding hygiene_finding() {
  return {.id = "alias-dname",
          .severity = check::Severity::notice,
          .affects = check::Affects::hygiene,
          .subject = "shop.example.",
          .message = "The way leads through a DNAME",
          .arguments = {},
          .evidence = {},
          .remedy = {.action = "", .edits = {}}};
}

inline check::Finding provider_finding() {
  return {.id = "delegation-old-provider",
          .severity = check::Severity::warning,
          .affects = check::Affects::ca,
          .subject = "shop.example.",
          .message = "The parent zone example still delegates shop.example to ns3.shop.example",
          .arguments = {{"only_parent", "ns3.shop.example"}},
          .evidence = {},
          .remedy = {.action = "Change the NS records of shop.example in the parent zone example.",
                     .edits = {}}};
}

inline check::Judgement blocked_target() {
  return {.identifier = "app.shop.example",
          .method = "dns-01",
          .ca = "letsencrypt",
          .validation_name = "_acme-challenge.app.shop.example.",
          .final_name = "app.shop.example.8a602f2b29d92dc2.dcv.cloudflare.com.",
          .verdict = check::Verdict::blocked,
          .chance = 0.1 + 0.2,
          .wait_seconds = 5400,
          .wait_reason = "ns2.shop.example (45.90.30.10) still has serial 7.",
          .next_step = "Publish the new value on both servers, then look again.",
          .ca_error =
              "Incorrect TXT record \"old\" (and 1 more) found at "
              "_acme-challenge.app.shop.example",
          .findings = {outdated_finding(), lame_finding(), hygiene_finding()}};
}

// The second finding is explained by the first.
inline check::Judgement explained_target() {
  check::Judgement target = blocked_target();
  target.verdict = check::Verdict::at_risk;
  target.ca_error = "";
  target.next_step = provider_finding().remedy.action;
  target.findings = {provider_finding(), lame_finding(), hygiene_finding()};
  target.findings[1].cause = check::Cause{"delegation-old-provider", "shop.example."};
  return target;
}

inline check::Judgement ready_target() {
  return {.identifier = "*.shop.example",
          .method = "dns-01",
          .ca = "letsencrypt",
          .validation_name = "_acme-challenge.shop.example.",
          .final_name = "_acme-challenge.shop.example.",
          .verdict = check::Verdict::ready,
          .chance = 1,
          .wait_seconds = std::nullopt,
          .wait_reason = "",
          .next_step = "Ask the CA.",
          .ca_error = "",
          .findings = {}};
}

// Every text is an attack on one of the formats.
inline check::Judgement hostile_target() {
  const std::string attack =
      "\x1b[2J\r\n\t</script><img src=x>&amp;\"'`|# EOF\\ \xff \xe2\x80\xae \xc2\x9b"
      "31m \xed\xa0\x80 \xc3\xa9";
  check::Judgement target = blocked_target();
  target.identifier = target.method = target.ca = target.validation_name = target.final_name =
      target.wait_reason = target.next_step = target.ca_error = attack;
  target.final_name += "x";  // another one than the validation name, so that it is shown
  target.findings = {
      {.id = attack,
       .severity = check::Severity::error,
       .affects = check::Affects::client,
       .subject = attack,
       .message = attack,
       .arguments = {{attack, attack}},
       .evidence = {{attack, attack, attack, -1e300}},
       .remedy = {
           .action = attack,
           .edits = {{.zone = attack, .server = attack, .remove = {attack}, .add = {attack}}}}}};
  return target;
}

inline report::Report report_of(std::vector<check::Judgement> targets) {
  report::Report report{.tool = "dcv-preflight",
                        .tool_version = "0.1.0",
                        .at = 1790000000,
                        .verdict = check::Verdict::blocked,
                        .targets = std::move(targets),
                        .stats = {.queries = 42, .seconds = 0.31, .round_trips = 6, .limits = {}}};
  if (report.targets.size() == 1) report.verdict = report.targets[0].verdict;
  return report;
}

inline check::Judgement at_risk_target() {
  check::Judgement target = blocked_target();
  target.identifier = "www.shop.example";
  target.verdict = check::Verdict::at_risk;
  target.findings = {lame_finding()};
  target.final_name = target.validation_name;
  target.wait_seconds = std::nullopt;
  target.chance = 0.999;
  return target;
}

inline report::Report several() {
  return report_of({ready_target(), blocked_target(), at_risk_target()});
}

// One name blocked for one CA only, another ready for all.
inline report::Report several_cas() {
  check::Judgement blocked = blocked_target();
  check::Judgement second = blocked;
  second.ca = "sectigo";
  second.verdict = check::Verdict::at_risk;
  second.chance = 0.55;
  second.findings = {lame_finding(), hygiene_finding()};
  second.next_step = "Take ns3.shop.example out of the NS sets.";
  check::Judgement third = second;
  third.ca = "digicert";
  third.chance = std::nullopt;
  third.wait_seconds = std::nullopt;
  std::vector<check::Judgement> targets{blocked, second, third};
  for (const char* ca : {"letsencrypt", "sectigo", "digicert"}) {
    targets.push_back(ready_target());
    targets.back().ca = ca;
  }
  return report_of(targets);
}

}  // namespace dcv::testing
