#pragma once
// The value of a CAA issue or issuewild record (RFC 8659 4.2, RFC 8657): what it says, and what one
// CA makes of it. Knows no names, servers or findings.

#include <string>
#include <string_view>
#include <vector>

#include "dns/result.h"
#include "observe/ca_profile.h"
#include "rules/method.h"

namespace dcv::check::caa {

struct Parameter {
  std::string tag, value;
};
struct IssueValue {
  std::string issuer;  // empty: nobody may issue
  std::vector<Parameter> parameters;
};

// As Boulder reads it: blanks around issuer, tags and values are dropped, one empty parameter is
// tolerated, an unreadable parameter voids the record. `hyphens`: also allow them in the tags of
// parameters, as RFC 8659 does and Boulder does not.
Result<IssueValue> parse_issue_value(std::string_view value, bool hyphens);

// Who asks, as far as CAA is concerned.
struct Applicant {
  const observe::CaProfile& ca;
  rules::Method method;
  std::vector<std::string> accounts;  // account URIs at this CA; empty when not told
};

enum class Match {
  yes,
  if_account,     // if the applicant's account is `account`, which was not told
  another_ca,     //
  other_account,  // `account` only
  other_method,   // `methods` only
  misspelt,       // meant for this CA, but void: `fault`, and `mended` if that can be guessed
};

struct Reading {
  Match match = Match::another_ca;
  std::string account;           // accounturi, when it decides or would
  std::string methods;           // validationmethods, when it decides
  std::string fault;             // half a sentence: "ends with a dot"
  std::string mended;            // the value that would let this CA issue
  bool foreign_account = false;  // `account` is none of this CA's, going by its prefix
};

Reading read_issue_value(std::string_view value, const Applicant& applicant);

// The issuer names this CA, by its own rules. A profile without identities stands for any CA: every
// domain name will do.
bool is_identity(std::string_view issuer, const observe::CaProfile& ca);

}  // namespace dcv::check::caa
