#pragma once
// What a watcher tells: a change at one target. Plain values, and what the store keeps as text.

#include <cstdint>
#include <string>
#include <vector>

#include "check/changes.h"
#include "check/outlook.h"

namespace dcv::probes {

// What is watched.
struct Watch {
  std::string name, method, ca;

  friend auto operator<=>(const Watch&, const Watch&) = default;
};

struct Event {
  std::int64_t id = 0;  // of the store, rising; 0: not stored
  double at = 0;        // Unix seconds
  Watch watch;
  check::Change change;
};

// An event as docs/schema/watch-event-1.json has it, in one line with its end.
std::string event_line(const Event& event);

// The parts that the store keeps of it as text. Reading throws for words that are none of ours.
std::string text_of(const std::vector<std::string>& words);  // a JSON array
std::vector<std::string> words_in(const std::string& text);
check::ChangeKind change_kind_in(const std::string& word);
check::Severity severity_in(const std::string& word);

// What is the same from look to look: the text that is compared and kept as history.
std::string document_of(const check::Snapshot& snapshot);
// Everything, to go on from at the next look.
std::string state_of(const check::Snapshot& snapshot);
// Reads both. Throws for anything else.
check::Snapshot snapshot_in(const std::string& text);

std::string text_of(const std::vector<check::Outlook>& outlooks);
std::vector<check::Outlook> outlooks_in(const std::string& text);

}  // namespace dcv::probes
