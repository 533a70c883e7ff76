// The matrix of dcv-propagation for people and for programs.
#include "report/matrix.h"

#include "report/matrix_samples.h"
#include "report/matrix_table.h"
#include "report/words.h"
#include "support/golden.h"

using namespace dcv;
using namespace dcv::testing;

namespace {

std::string text(MatrixSample& sample, const report::MatrixStyle& style = {}) {
  return render_matrix_text(sample.propagations(), style);
}

std::string text(MatrixSample& sample, const report::Style& style) {
  return text(sample, report::MatrixStyle{.style = style});
}

std::size_t widest(const std::string& document) {
  std::size_t width = 0;
  std::istringstream lines(document);
  for (std::string line; std::getline(lines, line);) width = std::max(width, report::columns(line));
  return width;
}

}  // namespace

TEST_CASE("the matrix has the verdict first, odd rows with their reasons, and the others folded") {
  DifferingSample sample;
  check_golden("report/matrix-differing.txt", text(sample));
  check_golden("report/matrix-differing-color.txt", text(sample, report::Style{.color = true}));
  check_golden("report/matrix-differing-verbose.txt", text(sample, report::Style{.verbosity = 1}));
  check_golden("report/matrix-differing-all.txt", text(sample, report::MatrixStyle{.all = true}));
  check_golden("report/matrix-differing.json",
               render_matrix_json(sample.propagations(), {}, "dcv-propagation", false));
}

TEST_CASE("quiet, the matrix is the line of its verdict") {
  DifferingSample sample;
  CHECK(text(sample, report::Style{.verbosity = -1}) ==
        "AT-RISK  _acme-challenge.app.shop.example TXT  wait 2 h  (for app.shop.example)\n");
}

TEST_CASE("the matrix fits a narrow terminal") {
  DifferingSample sample;
  const std::string narrow = text(sample, report::Style{.width = 80});
  check_golden("report/matrix-differing-80.txt", narrow);
  CHECK(narrow.find("denied 271 s") == std::string::npos);
  CHECK(narrow.find("until 16:13:20Z (2 h)") != std::string::npos);
  sample.matrix.judgement.findings.clear();
  CHECK(widest(text(sample, report::Style{.width = 80})) <= 80);
  CHECK(widest(text(sample, report::Style{.width = 100})) > 80);
}

TEST_CASE("the matrix tells as if from which network resolvers were asked") {
  DifferingSample sample;
  sample.observation.client_subnet = *dns::ClientSubnet::parse("192.0.2.0/24");
  const std::string told = "\nResolvers asked as if from: 192.0.2.0/24\n";
  sample.observation.targets[0].views.clear();
  CHECK(text(sample).find(told) == std::string::npos);
  sample.observation.targets[0].views.emplace_back();
  CHECK(text(sample).find(told) != std::string::npos);
}

TEST_CASE("--only shows the rows of its groups, text and JSON") {
  DifferingSample sample;
  const report::MatrixStyle style{.only = {Eye::system}};
  const std::string shown = text(sample, style);
  CHECK(shown.find("192.168.1.1") != std::string::npos);
  CHECK(shown.find("Authorities") == std::string::npos);
  const std::string json =
      render_matrix_json(sample.propagations(), style, "dcv-propagation", true);
  CHECK(json.find("\"group\":\"system\"") != std::string::npos);
  CHECK(json.find("\"group\":\"public\"") == std::string::npos);
}

TEST_CASE("where no wait helps the matrix says so, and why no resolver was asked") {
  MatrixSample sample;
  sample.observation.targets[0].views_withheld = "the authorities do not agree";
  sample.matrix.propagation = {.rows = {odd(authority_row("ns1.shop-dcv.example", "185.136.96.20"),
                                            Sight::nxdomain, "NXDOMAIN", "value-none")},
                               .authorities = 1,
                               .authorities_holding = 0,
                               .verdict = check::Verdict::blocked,
                               .wait_seconds = std::nullopt,
                               .certainty = "port 53 is blocked here; asked over TLS",
                               .summary = "No authority has it, so no wait will help."};
  check_golden("report/matrix-absent.txt", text(sample));
  check_golden("report/matrix-absent.json",
               render_matrix_json(sample.propagations(), {}, "dcv-propagation", false));
}

TEST_CASE("many that are silent for the same reason are told in one line") {
  DifferingSample sample;
  std::vector<check::Row>& rows = sample.matrix.propagation.rows;
  rows.clear();
  for (const char* address : {"8.8.8.8", "8.8.4.4", "9.9.9.9", "1.1.1.1"})
    rows.push_back(odd(resolver_row(address, address), Sight::silent, "silent", "visibility-x"));
  CHECK(text(sample).find("  silent  4 addresses: 8.8.8.8, 8.8.4.4, 9.9.9.9, 1.1.1.1  [1]\n") !=
        std::string::npos);
  CHECK(text(sample).find("\n[1] visibility-x\n") != std::string::npos);
  rows.pop_back();
  CHECK(text(sample).find("  silent  9.9.9.9  ") != std::string::npos);
}

TEST_CASE("several ways to one address are one address") {
  DifferingSample sample;
  std::vector<check::Row>& rows = sample.matrix.propagation.rows;
  rows.clear();
  for (const char* transport : {"udp", "tls"}) {
    for (const char* address : {"8.8.8.8", "8.8.4.4"}) {
      rows.push_back(odd(resolver_row("Google", address), Sight::silent, "silent", "visibility-x"));
      rows.back().transport = transport;
    }
  }
  CHECK(text(sample).find("  silent  2 addresses: Google (2)  [1]\n") != std::string::npos);
}

TEST_CASE("a round that is followed at once tells no time") {
  DifferingSample sample;
  const report::Propagations propagations = sample.propagations();
  const report::Round round{.number = 3,
                            .at = 1790000045,
                            .elapsed = 45,
                            .left = 555,
                            .matrix = propagations.matrices.front(),
                            .step = {.what = check::Step::Do::ask_resolvers,
                                     .after = 0,
                                     .verdict = check::Verdict::ready,
                                     .sentence = "Now the resolvers."}};
  CHECK(render_round_text(round) == "round 3, 45 s: Now the resolvers.");
}

TEST_CASE("without expected values the matrix shows what those that agree hold") {
  MatrixSample sample;
  sample.observation.targets[0].expected.clear();
  sample.observation.targets[0].type = dns::RecordType::ns;
  check::Row first = authority_row("ns1.shop-dcv.example", "185.136.96.20");
  first.seen.values = {"ns1.shop-dcv.example.", "ns2.shop-dcv.example."};
  check::Row second = first;
  second.who = "ns2.shop-dcv.example";
  sample.matrix.propagation = {.rows = {first, second},
                               .authorities = 2,
                               .authorities_holding = 2,
                               .verdict = check::Verdict::ready,
                               .wait_seconds = std::nullopt,
                               .certainty = "full",
                               .summary = "All have it."};
  const std::string shown = text(sample);
  CHECK(shown.find("holds  ns1.shop-dcv.example. and 1 more  2 addresses: ") != std::string::npos);
  CHECK(shown.find("Authorities: all 2 have it") != std::string::npos);
  CHECK(shown.find("Wait") == std::string::npos);
}

TEST_CASE("nothing from the network reaches the terminal as it is") {
  const std::string attack = "\x1b[2J\r\n\t\xff\xe2\x80\xae";
  DifferingSample sample;
  for (check::Row& row : sample.matrix.propagation.rows) {
    row.who = row.address = row.country = row.instance = row.word = row.transport = attack;
    row.zone = row.zone.empty() ? "" : attack;
    row.reason = attack;
    row.seen.values = {attack};
  }
  sample.matrix.propagation.summary = sample.matrix.propagation.certainty = attack;
  sample.matrix.judgement = hostile_target();
  sample.matrix.judgement.findings[0].id = attack;
  sample.observation.targets[0].identifier = attack;
  sample.observation.targets[0].views_withheld = attack;
  for (const report::MatrixStyle& style :
       {report::MatrixStyle{}, report::MatrixStyle{.all = true},
        report::MatrixStyle{.style = {.verbosity = 1, .width = 60}}}) {
    const std::string shown = text(sample, style);
    CHECK(report::printable(shown) == report::replaced(shown, '\n', "\\010"));
  }
}

TEST_CASE("a round of waiting is told in one line") {
  DifferingSample sample;
  const report::Propagations propagations = sample.propagations();
  const check::Step step{.what = check::Step::Do::ask_authorities,
                         .after = 5,
                         .verdict = check::Verdict::unknown,
                         .sentence = "3 of 4 addresses of the authorities hold it."};
  const report::Round round{.number = 3,
                            .at = 1790000045,
                            .elapsed = 45,
                            .left = 555,
                            .matrix = propagations.matrices.front(),
                            .step = step};
  check_golden("report/matrix-round.txt", render_round_text(round) + "\n");
  check_golden("report/matrix-round.json", render_round_json(round, "dcv-propagation"));
}
