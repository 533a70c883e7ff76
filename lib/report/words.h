#pragma once
// Words and numbers as every renderer writes them, and what makes hostile text harmless.

#include <string>
#include <string_view>
#include <vector>

#include "check/evaluate.h"
#include "observe/observation.h"

namespace dcv::report {

// `text` with control bytes, bidirectional controls and broken UTF-8 as \DDD: safe on a terminal,
// on one line. For everything that may come from a file or from the network.
std::string printable(std::string_view text);

std::string upper(std::string_view text);  // ASCII only
std::string replaced(std::string text, char old, std::string_view with);
std::string_view without_dot(std::string_view name);  // "shop.example" of "shop.example."

// Columns that the text takes on a terminal, a character a column.
std::size_t columns(std::string_view text);
std::string padded(std::string text, std::size_t width);
// `text`, which begins at column `used`, in lines of at most `width` columns where its blanks allow
// that; later lines begin with `indent` blanks. Width 0: as it is.
std::string folded(std::string_view text, std::size_t width, std::size_t used, std::size_t indent);

double rounded(double number, int decimals);                      // half away from zero
std::string fixed(double number, int decimals);                   // "0.310", rounded so
std::string counted(std::size_t count, const std::string& noun);  // "1 server", "2 servers"

std::string rfc3339(double unix_seconds);          // "2026-09-21T13:33:20Z"
std::string rfc3339_precise(double unix_seconds);  // "2026-09-21T13:33:20.020Z"
std::string percent(double share);                 // "56 %"; never 0 % or 100 % when not exactly so
std::string duration(double seconds);              // "45 s", "5 min", "1 h 30 min"

// "56 %" of a judgement whose verdict alone does not say it; empty where it is certain or unknown.
std::string chance_text(const check::Judgement& target);
// Whom a finding disturbs if not the CA; empty if the CA, or if it explains findings that do.
std::string_view affects_note(check::Affects affects, bool explains);
// What a server said, without the type where it is that of the question.
std::string_view seen(const check::Evidence& evidence);
// "sectigo and digicert", "a, b and c".
std::string listed(const std::vector<std::string>& words);

// What a verdict means, as one sentence.
std::string_view sentence(check::Verdict verdict);
// "42 questions, 6 round trips, 0.31 s"
std::string stats_line(const observe::Stats& stats);

}  // namespace dcv::report
