#pragma once
// What is wrong, with whom it affects, evidence and remedy. Plain values.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dcv::check {

enum class Severity { error, warning, notice, info };  // error: issuance fails or likely fails
enum class Affects { ca, client, hygiene };            // whom; hygiene: nobody yet

// The identity of a finding, one row beside the check that emits it.
struct FindingKind {
  std::string_view id;  // family-problem, for ever
  Severity severity =
      Severity::error;  // the default; a check may lower it and says why in the page
  Affects affects = Affects::ca;
  std::string_view message;    // one factual sentence with {arguments}
  std::string_view reference;  // RFC or BR section
  std::string_view since;      // version of dcvtools
};

// Who said what.
struct Evidence {
  std::string server;    // "ns1.shop.example (192.0.2.1)"
  std::string question;  // "_acme-challenge.shop.example. TXT"
  std::string saw;       // "NXDOMAIN", "TXT \"abc\"", "timeout after 3.0 s"
  double at = 0;         // Unix seconds

  friend bool operator==(const Evidence&, const Evidence&) = default;
};

// A change to one zone. Lines are records in zone-file syntax with absolute names.
struct Edit {
  std::string zone;  // its apex, with final dot
  std::string
      server;  // when only one server's copy is wrong: its host name, with final dot; else empty
  std::vector<std::string> remove, add;

  friend bool operator==(const Edit&, const Edit&) = default;
};

// What mends it.
struct Remedy {
  std::string action;       // one imperative sentence
  std::vector<Edit> edits;  // empty when no zone edit mends it

  friend bool operator==(const Remedy&, const Remedy&) = default;
};

// Of another finding of the same judgement.
struct Cause {
  std::string id, subject;

  friend bool operator==(const Cause&, const Cause&) = default;
};

struct Finding {
  std::string id;
  Severity severity = Severity::error;
  Affects affects = Affects::ca;
  std::string subject;  // the name, zone or server that the finding is about
  std::string message;  // the kind's message with the arguments filled in
  std::map<std::string, std::string> arguments;
  std::vector<Evidence> evidence;
  Remedy remedy;
  std::optional<Cause> cause = {};  // the root that explains it; empty: it is one itself

  friend bool operator==(const Finding&, const Finding&) = default;
};

std::string_view text(Severity severity);
std::string_view text(Affects affects);

}  // namespace dcv::check
