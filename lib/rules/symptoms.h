#pragma once
// What ACME clients and CAs print when something fails, and what it says: reading a pasted message.

#include <string>
#include <string_view>
#include <vector>

#include "dns/result.h"

namespace dcv::rules {

// A message that a program prints.
struct Symptom {
  std::string program;  // "Boulder (Let's Encrypt)"
  std::string failed;   // who gave up: "ca", "client" (the CA was not asked), "nobody"
  std::string pattern;  // an expression with groups: name, host, value, server
  std::string says;     // what the program did, and means by it
  std::vector<std::string> findings;  // ids that are likely behind it, the likeliest first
  std::string command;                // to run next, with {host} and {expect}
  std::string example;                // a message that it reads
  bool vague = false;                 // counts only where no other message is read
};
using Symptoms = std::vector<Symptom>;

// The table that comes with dcvtools: tools/symptoms.json. The particular stands before the
// general.
const Symptoms& shipped_symptoms();
// Kind "dcv-symptoms", version 1. Errors name the row and the field.
Result<Symptoms> symptoms_from_json(const std::string& text);

// One message that was read in a text. What the text does not tell is empty.
struct Reading {
  const Symptom* symptom = nullptr;
  std::string text;    // the message itself, without blanks that mean nothing
  std::string name;    // that was looked up, without final dot
  std::string host;    // that the certificate is for
  std::string value;   // that the proof should have
  std::string server;  // that is blamed
  std::string command;
};

// The messages in a text that somebody pasted, with line ends and JSON escapes where they like, by
// the shipped table and in its order. Of a long text the end is read; it may hold anything. A
// message that is there several times with other hosts is one reading, whose command has all of
// them.
std::vector<Reading> read_messages(std::string_view text);

// At most three rows whose examples have the most words in common with the text.
std::vector<const Symptom*> near_symptoms(std::string_view text);

}  // namespace dcv::rules
