#include "check/mail.h"

#include "check/evaluate.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

const std::string kApp = "app.shop.example.";
const std::string kContactAtApp = "_validation-contactemail.app.shop.example.";
const std::string kContact = "_validation-contactemail.shop.example.";
const std::string kMx = "mx.shop.example.";

// An e-mail target for app.shop.example at which nothing at all is published.
class MailWorld : public ObservationBuilder {
 public:
  MailWorld() : ObservationBuilder(healthy_world({})) {
    observe::Target& target = observation.targets.front();
    target.method = "email";
    target.type = RecordType::mx;
    target.validation_name = dns::Name::of(kApp);
    target.steps.clear();
    look(kApp, RecordType::mx, nodata(kZone), StepEnd::nodata);
    for (const std::string& name : {kApp, kZone}) {
      if (name != kApp) look(name, RecordType::mx, nodata(kZone), StepEnd::nodata);
      look("_validation-contactemail." + name, RecordType::txt, nxdomain(kZone), StepEnd::nxdomain);
      addresses(name, {});
    }
    for (const std::string& name : {kApp, kZone}) caa(name, {});
  }

  // What all servers of the zone say of records at the name.
  MailWorld& look(const std::string& name, RecordType type, const Reply& reply, StepEnd end) {
    asked_all(Purpose::proof, kZone, name, type, reply);
    observe::Step step;
    step.name = dns::Name::of(name);
    step.zone = dns::Name::of(kZone);
    step.end = end;
    steps_at(step.name, type) = {step};
    return *this;
  }
  // Records in the form of "10 mx.shop.example."; no records: NODATA.
  MailWorld& has(const std::string& name, RecordType type, const Lines& values) {
    if (values.empty()) return look(name, type, nodata(kZone), StepEnd::nodata);
    Lines lines;
    for (const std::string& value : values)
      lines.push_back(name + " 3600 IN " + dns::text(type) + " " + value);
    return look(name, type, data(lines), StepEnd::answer);
  }
  MailWorld& addresses(const std::string& name, const Lines& v4, const Lines& v6 = {}) {
    return has(name, RecordType::a, v4).has(name, RecordType::aaaa, v6);
  }
  MailWorld& missing(const std::string& name, RecordType type) {
    return look(name, type, nxdomain(kZone), StepEnd::nxdomain);
  }
  MailWorld& unknown(const std::string& name, RecordType type) {
    return look(name, type, silent(), StepEnd::no_usable_reply);
  }
  // The name is an alias for `target`, of which nothing else is known but its addresses.
  MailWorld& alias(const std::string& name, const std::string& target, const Lines& v4) {
    for (const RecordType type : {RecordType::a, RecordType::aaaa}) {
      has(target, type, type == RecordType::a ? v4 : Lines{});
      std::vector<observe::Step> steps = steps_at(dns::Name::of(target), type);
      observe::Step first = steps.front();
      first.name = dns::Name::of(name);
      first.end = StepEnd::alias;
      first.target = dns::Name::of(target);
      steps.insert(steps.begin(), first);
      steps_at(dns::Name::of(name), type) = steps;
    }
    return *this;
  }
  MailWorld& caa(const std::string& name, const Lines& values) {
    Lines lines;
    for (const std::string& value : values) lines.push_back(name + " 3600 IN CAA " + value);
    asked_all(Purpose::caa, kZone, name, RecordType::caa,
              lines.empty() ? nodata(kZone) : data(lines));
    observe::Step step;
    step.name = dns::Name::of(name);
    step.zone = dns::Name::of(kZone);
    step.end = lines.empty() ? StepEnd::nodata : StepEnd::answer;
    auto& levels = observation.targets.front().caa;
    for (observe::CaaLevel& each : levels)
      if (each.name == step.name) return each.steps = {step}, *this;
    levels.push_back({step.name, {step}});
    return *this;
  }

  // Mail to shop.example arrives.
  MailWorld& with_mx() {
    return has(kZone, RecordType::mx, {"10 mx.shop.example."}).addresses(kMx, {"45.90.29.25"});
  }

 private:
  std::vector<observe::Step>& steps_at(const dns::Name& name, RecordType type) {
    observe::Target& target = observation.targets.front();
    if (type == target.type && name == target.validation_name) return target.steps;
    for (observe::Place& each : target.others)
      if (each.name == name && each.type == type) return each.steps;
    target.others.push_back({name, type, {}});
    return target.others.back().steps;
  }
};

std::vector<Finding> found(const MailWorld& world) {
  const observe::CaProfile profile = observe::default_profile();
  const Overview overview(world.observation);
  std::vector<Finding> findings;
  kMailFamily.check({world.observation, world.observation.targets.front(), profile, overview},
                    findings);
  return findings;
}

// The findings but for mail-addresses.
std::vector<Finding> faults(const MailWorld& world) {
  std::vector<Finding> findings = found(world);
  std::erase_if(findings, [](const Finding& each) { return each.id == "mail-addresses"; });
  return findings;
}

// What mail-addresses tells; empty when it is not there.
std::string addresses(const MailWorld& world) {
  for (const Finding& each : found(world))
    if (each.id == "mail-addresses") return each.arguments.at("addresses");
  return "";
}

bool undecided(const MailWorld& world) {
  const observe::CaProfile profile = observe::default_profile();
  const Overview overview(world.observation);
  return mail::is_undecided(
      {world.observation, world.observation.targets.front(), profile, overview});
}

void is(const std::vector<Finding>& findings, const std::string& id, Severity severity,
        const std::string& subject, const std::string& message) {
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().id == id);
  CHECK(findings.front().severity == severity);
  CHECK(findings.front().subject == subject);
  CHECK(findings.front().message == message);
  CHECK_FALSE(findings.front().evidence.empty());
  CHECK_FALSE(findings.front().remedy.action.empty());
}

const std::string kMailboxes = "admin, administrator, webmaster, hostmaster or postmaster at ";
const std::string kByMx = "shop.example (mail host mx.shop.example)";

}  // namespace

TEST_CASE("a mail exchanger with an address is enough, and its addresses are told") {
  const MailWorld world = MailWorld().with_mx();
  CHECK(faults(world).empty());
  const std::vector<Finding> all = found(world);
  is(all, "mail-addresses", Severity::info, kApp,
     "The CA may write to " + kMailboxes + kByMx +
         "; contacts from WHOIS have not counted since 2025-07-15");
  CHECK_FALSE(undecided(world));
}

TEST_CASE("mail is left alone by other methods") {
  MailWorld world;
  world.observation.targets.front().method = "dns-txt";
  CHECK(found(world).empty());
  CHECK_FALSE(undecided(world));
}

TEST_CASE("each name up to the registrable domain has its own constructed addresses") {
  MailWorld world = MailWorld().with_mx();
  world.has(kApp, RecordType::mx, {"10 mx.shop.example."});
  CHECK(addresses(world) == kMailboxes + "app." + kByMx + " or " + kByMx);
}

TEST_CASE("without MX and addresses nothing arrives") {
  const MailWorld world;
  is(found(world), "mail-no-exchange", Severity::error, kApp,
     "No mail can reach app.shop.example and shop.example: there are neither MX nor address "
     "records");
  const Remedy remedy = found(world).front().remedy;
  REQUIRE(remedy.edits.size() == 1);
  CHECK(remedy.edits.front().zone == kZone);
  CHECK(remedy.edits.front().add ==
        Lines{kContact + " 3600 IN TXT \"<an address that somebody reads>\""});
}

TEST_CASE("a name that does not exist takes no mail") {
  MailWorld world;
  world.missing(kApp, RecordType::mx).missing(kApp, RecordType::a);
  CHECK(found(world).front().id == "mail-no-exchange");
  world.with_mx();
  CHECK(addresses(world) == kMailboxes + kByMx);
}

TEST_CASE("an address without MX is a way, but a doubtful one when it is the only one") {
  MailWorld world;
  world.addresses(kApp, {"45.90.29.81"});
  is(faults(world), "mail-exchange-implicit", Severity::warning, kApp,
     "app.shop.example has no MX record, so its mail goes to its own address 45.90.29.81, which "
     "is often a web server that takes none");
  const std::string doubtful =
      "app.shop.example (no MX record: only if a mail server runs at 45.90.29.81)";
  CHECK(addresses(world) == kMailboxes + doubtful);
  CHECK(faults(world.with_mx()).empty());
  CHECK(addresses(world) == kMailboxes + kByMx + " or " + doubtful);
}

TEST_CASE("a null MX ends all mail to the name, and is an error where it is the last way") {
  MailWorld world;
  world.has(kZone, RecordType::mx, {"0 ."});
  world.addresses(kZone, {"45.90.29.80"});
  const std::string message = "shop.example declares by its null MX that it takes no mail";
  is(found(world), "mail-null-mx", Severity::error, kZone, message);
  world.has(kContact, RecordType::txt, {"\"certs@other.example\""});
  is(faults(world), "mail-null-mx", Severity::notice, kZone, message);
}

TEST_CASE("an exchanger that cannot be found is an error where it is the last way") {
  MailWorld world;
  world.has(kZone, RecordType::mx, {"10 mx.shop.example."});
  world.missing(kMx, RecordType::a).missing(kMx, RecordType::aaaa);
  is(found(world), "mail-exchange-unresolved", Severity::error, kMx,
     "The mail exchanger mx.shop.example of shop.example does not exist");
  world.addresses(kMx, {});
  CHECK(found(world).front().arguments.at("problem") == "has no address");
  world.alias(kMx, "gone.shop.example.", {});
  CHECK(found(world).front().arguments.at("problem") ==
        "is an alias for gone.shop.example, which has no address");
}

TEST_CASE("an exchanger that cannot be found beside one that works is a notice") {
  MailWorld world = MailWorld().with_mx();
  world.has(kZone, RecordType::mx, {"20 mx.shop.example.", "10 old.shop.example."});
  world.missing("old.shop.example.", RecordType::a);
  world.missing("old.shop.example.", RecordType::aaaa);
  is(faults(world), "mail-exchange-unresolved", Severity::notice, "old.shop.example.",
     "The mail exchanger old.shop.example of shop.example does not exist");
}

TEST_CASE("mail to a domain that its registry does not know is an error, whatever else works") {
  const std::string host = "mail.gone.example.";
  MailWorld world = MailWorld().with_mx();
  world.has(kZone, RecordType::mx, {"10 mx.shop.example.", "20 " + host});
  world.missing(host, RecordType::a).missing(host, RecordType::aaaa);
  CHECK(faults(world).front().id == "mail-exchange-unresolved");  // its domain may be there
  world.asked(Purpose::delegation, "example.", "45.90.0.1", "gone.example.", RecordType::ns,
              nxdomain("example."));
  is(faults(world), "mail-domain-unregistered", Severity::error, host,
     "The MX record of shop.example sends mail to mail.gone.example, but gone.example does not "
     "exist at its registry. Takeover risk: whoever registers it gets the mail by which "
     "certificates are approved");
  const Edit edit = faults(world).front().remedy.edits.at(0);
  CHECK(edit.remove == Lines{"shop.example. 3600 IN MX 20 mail.gone.example."});
  CHECK(edit.add.empty());
  world.has(kZone, RecordType::mx, {"20 " + host});
  CHECK(faults(world).front().remedy.edits.empty());  // nothing would be left
}

TEST_CASE("a contact in a domain that its registry does not know is the same danger") {
  MailWorld world = MailWorld().with_mx();
  world.has(kContact, RecordType::txt, {"\"certs@gone.example\""});
  world.missing("gone.example.", RecordType::mx);
  world.asked(Purpose::proof, "example.", "45.90.0.1", "gone.example.", RecordType::mx,
              nxdomain("example."));
  const auto findings = faults(world);
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().id == "mail-domain-unregistered");
  CHECK(findings.front().subject == kContact);
  CHECK(findings.front().remedy.edits.at(0).remove ==
        Lines{kContact + " 3600 IN TXT \"certs@gone.example\""});
}

TEST_CASE("an exchanger in private address space is an error where it is the last way") {
  MailWorld world;
  world.has(kZone, RecordType::mx, {"10 mx.shop.example."})
      .addresses(kMx, {"10.0.0.25"}, {"fd00::25"});
  is(found(world), "mail-exchange-private", Severity::error, kMx,
     "The mail host mx.shop.example of shop.example has no public address: 10.0.0.25 and "
     "fd00::25");
  world.addresses(kMx, {"10.0.0.25", "45.90.29.25"});
  CHECK(faults(world).empty());
}

TEST_CASE("an exchanger that is an alias is against the rules, but works mostly") {
  MailWorld world;
  world.has(kZone, RecordType::mx, {"10 mx.shop.example."});
  world.alias(kMx, "mail.shop.example.", {"45.90.29.25"});
  is(faults(world), "mail-exchange-alias", Severity::notice, kMx,
     "The mail exchanger mx.shop.example of shop.example is an alias for mail.shop.example");
  CHECK(addresses(world) == kMailboxes + kByMx);
}

TEST_CASE("look-ups that bring nothing leave it undecided") {
  MailWorld world;
  world.unknown(kZone, RecordType::mx);
  CHECK(found(world).empty());
  CHECK(undecided(world));
  MailWorld host;
  host.has(kZone, RecordType::mx, {"10 mx.shop.example."});
  host.unknown(kMx, RecordType::a).unknown(kMx, RecordType::aaaa);
  CHECK(found(host).empty());
  CHECK(undecided(host));
  host.has(kApp, RecordType::mx, {"0 ."});
  REQUIRE(found(host).size() == 1);
  CHECK(found(host).front().severity == Severity::warning);
  CHECK_FALSE(undecided(world.has(kContact, RecordType::txt, {"\"certs@other.example\""})));
}

TEST_CASE("contacts in TXT and CAA records are addresses that the CA may write to") {
  MailWorld world;
  world.has(kContact, RecordType::txt, {"\"certs@other.example\""});
  world.caa(kZone, {"0 issue \"ca.example\"", "0 ContactEmail \"certs@other.example\""});
  CHECK(addresses(world) == "the contact certs@other.example");
  is(faults(world), "mail-no-exchange", Severity::notice, kApp,
     "No mail can reach app.shop.example and shop.example: there are neither MX nor address "
     "records");
  world.has(kContactAtApp, RecordType::txt, {"\"app@other.example\""}).with_mx();
  CHECK(addresses(world) == kMailboxes + kByMx +
                                ", or to the contact app@other.example, or to the contact "
                                "certs@other.example");
}

TEST_CASE("addresses and hosts are lists for programs, contacts apart") {
  MailWorld world = MailWorld().with_mx();
  world.has(kContact, RecordType::txt, {"\"a@shop.example\""});
  world.addresses(kApp, {"45.90.29.81"}, {"2a07:a8c0::81"});
  const Finding finding = found(world).back();
  REQUIRE(finding.id == "mail-addresses");
  CHECK(finding.arguments.at("mailboxes") ==
        "admin@shop.example administrator@shop.example webmaster@shop.example "
        "hostmaster@shop.example postmaster@shop.example admin@app.shop.example "
        "administrator@app.shop.example webmaster@app.shop.example hostmaster@app.shop.example "
        "postmaster@app.shop.example");
  CHECK(finding.arguments.at("contacts") == "a@shop.example");
  CHECK(finding.arguments.at("hosts") ==
        "shop.example=mx.shop.example app.shop.example=45.90.29.81 "
        "app.shop.example=2a07:a8c0::81");
}

TEST_CASE("several contacts are told, since each can approve") {
  MailWorld world = MailWorld().with_mx();
  world.has(kContact, RecordType::txt, {"\"a@shop.example\"", "\"b@shop.example\""});
  is(faults(world), "mail-contact-several", Severity::notice, kContact,
     "There are several contacts, and whoever reads the mail of any of them can approve a "
     "certificate: a@shop.example and b@shop.example");
}

TEST_CASE("a contact with anything around the address does not count, and the remedy is the line") {
  MailWorld world = MailWorld().with_mx();
  world.has(kContact, RecordType::txt, {"\"mailto:certs@shop.example\""});
  const auto findings = faults(world);
  is(findings, "mail-contact-malformed", Severity::warning, kContact,
     "The TXT record \"mailto:certs@shop.example\" at _validation-contactemail.shop.example is no "
     "contact: it begins with mailto:");
  REQUIRE(findings.front().remedy.edits.size() == 1);
  CHECK(findings.front().remedy.edits.front().remove ==
        Lines{kContact + " 3600 IN TXT \"mailto:certs@shop.example\""});
  CHECK(findings.front().remedy.edits.front().add ==
        Lines{kContact + " 3600 IN TXT \"certs@shop.example\""});
}

TEST_CASE("a malformed contact in a CAA record is told as one, one record for each address") {
  MailWorld world;
  world.caa(kZone, {"0 contactemail \"a@shop.example, b@shop.example\""});
  const auto findings = faults(world);
  REQUIRE(findings.size() == 2);
  CHECK(findings.front().id == "mail-contact-malformed");
  CHECK(findings.front().severity == Severity::error);
  CHECK(findings.front().message ==
        "The CAA record \"a@shop.example, b@shop.example\" at shop.example is no contact: it holds "
        "more than one address");
  CHECK(findings.front().remedy.edits.front().add ==
        Lines{kZone + " 3600 IN CAA 0 contactemail \"a@shop.example\"",
              kZone + " 3600 IN CAA 0 contactemail \"b@shop.example\""});
  CHECK(findings.back().id == "mail-no-exchange");
}

TEST_CASE("a value without any address was hardly meant as a contact") {
  MailWorld world = MailWorld().with_mx();
  world.has(kContact, RecordType::txt, {"\"v=spf1 -all\""});
  const auto findings = faults(world);
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().severity == Severity::notice);
  CHECK(findings.front().remedy.edits.empty());
}

TEST_CASE("a contact at a domain that takes no mail is none, as far as that was looked up") {
  MailWorld world;
  world.has(kContact, RecordType::txt, {"\"certs@dead.shop.example\""});
  CHECK(addresses(world) == "the contact certs@dead.shop.example");
  world.missing("dead.shop.example.", RecordType::mx);
  const auto findings = faults(world);
  REQUIRE(findings.size() == 2);
  CHECK(findings.front().id == "mail-contact-unreachable");
  CHECK(findings.front().severity == Severity::error);
  CHECK(findings.front().message ==
        "No mail can reach the contact certs@dead.shop.example at "
        "_validation-contactemail.shop.example: dead.shop.example has neither MX nor address "
        "records");
  CHECK(addresses(world).empty());
  CHECK(faults(world.with_mx()).front().severity == Severity::warning);
}

TEST_CASE("hundreds of records are not hundreds of findings") {
  MailWorld world = MailWorld().with_mx();
  Lines values;
  for (int i = 0; i < 200; ++i) values.push_back("\"mailto:" + std::to_string(i) + "@a.example\"");
  world.has(kContact, RecordType::txt, values);
  CHECK(faults(world).size() == 20);
}

TEST_CASE("the verdict and the next step tell whether mail can arrive") {
  MailWorld world = MailWorld().with_mx();
  world.observation.profiles = {observe::default_profile()};
  world.observation.profiles.front().methods.push_back("ca-tbr-4");
  const Judgement ready = evaluate(world.observation).front();
  CHECK(ready.next_step ==
        "Order the certificate, and choose an address that somebody reads among those that "
        "mail-addresses names.");
  CHECK(ready.verdict == Verdict::ready);
  MailWorld none;
  none.observation.profiles = world.observation.profiles;
  CHECK(evaluate(none.observation).front().verdict == Verdict::blocked);
  MailWorld silent;
  silent.observation.profiles = world.observation.profiles;
  silent.unknown(kZone, RecordType::mx);
  CHECK(evaluate(silent.observation).front().verdict == Verdict::unknown);
}

TEST_CASE("what a registry publishes is no contact of the domain") {
  MailWorld world = MailWorld().with_mx();
  world.caa("example.", {"0 contactemail \"registry@nic.example\""});
  CHECK(addresses(world) == kMailboxes + kByMx);
}
