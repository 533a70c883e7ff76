#pragma once
// Private to the family "web": which fetches the CA would make of a name's web servers, and what
// became of each.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/family.h"
#include "observe/fetch.h"

namespace dcv::check::web {

using observe::Fetch;
using Fetches = std::vector<const Fetch*>;

// From one address of the name itself over redirects to the end.
struct Course {
  Fetches way;  // at least one

  const Fetch& first() const { return *way.front(); }
  const Fetch& last() const { return *way.back(); }
};

// What stops the CA on a course.
struct Fault {
  std::string id;  // of the family's finding; empty: nothing does
  std::map<std::string, std::string> arguments = {};
  std::string action = {};  // the remedy
  Severity severity = Severity::error;
  std::string brief = {};  // "status 404", for those who compare addresses
};

// All that the checks ask of one target.
struct Sight {
  const Case& test;
  std::vector<Course> courses;   // in the order of the first fetches
  std::vector<Course> reserved;  // their address is of special purpose, nobody asks it

  bool expects_token() const { return !test.target.expected.empty(); }
  bool is_acme() const { return test.target.method == "http-01"; }
  std::string name() const { return host().lower().text(); }
  std::string prose() const { return host().lower().prose(); }
  const dns::Name& host() const { return test.target.validation_name; }
};

Sight sight_of(const Case& test);

// Some server has A or AAAA records.
bool has_addresses(const observe::Target& target);
// A connection stood: the address counts for the CA (Boulder falls back only without).
bool is_connected(const Course& course);
// The CA takes one of these: those of IPv6, and if one of them does not connect those of IPv4.
std::vector<const Course*> chosen(const Sight& sight);
// Neither blames nor clears: this machine or run did not get to see it.
bool is_unseen(const Sight& sight, const Course& course);

// By the part of the way where it shows.
Fault fault_of(const Sight& sight, const Course& course);
std::optional<Fault> connection_fault(const Sight& sight, const Course& course);
std::optional<Fault> redirect_fault(const Sight& sight, const Course& course);
Fault reply_fault(const Sight& sight, const Course& course);

Fault tls_on_plain_port(const Fetch& fetch);

// Findings about addresses alone, before what they answer.
void check_addresses(const Sight& sight, std::vector<Finding>& findings);
// What is worth knowing where nothing is wrong.
void check_hints(const Sight& sight, std::vector<Finding>& findings);

Finding found(const Sight& sight, std::string_view id,
              std::map<std::string, std::string> arguments);
Evidence evidence_of(const Sight& sight, const Fetch& fetch);
// Of all fetches on these ways.
std::vector<Evidence> evidence_of(const Sight& sight, const std::vector<const Course*>& courses);
// "104.18.10.5 and 2606:4700::5"
std::string addresses_text(const std::vector<const Course*>& courses);
// The records of these addresses taken out of the zone, as far as replies show them.
std::vector<Edit> edits_without(const Sight& sight, const std::vector<const Course*>& courses);

// Neither known to be right nor wrong: no address was seen to answer.
bool is_undecided(const Case& test);
// Of the name servers' addresses that answer, how many give the name an address; 1 if none does.
double naming_share(const Case& test);
// Of what the CA may take, how much would satisfy it: 0 to 1.
double right_share(const Case& test);

// True for the methods that fetch files.
bool is_for(const Case& test);

}  // namespace dcv::check::web
