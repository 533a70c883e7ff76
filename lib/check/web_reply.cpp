// What the web server at the end of a course answers: status and body, against what the CA wants.
#include <algorithm>
#include <array>

#include "check/web.h"
#include "dns/name.h"

namespace dcv::check::web {
namespace {

constexpr std::size_t kAcmeBody = 128;  // bytes; Boulder takes fewer (va/http.go)
constexpr std::size_t kBytesShown = 60;

std::string without_final_blanks(std::string text) {
  text.erase(text.find_last_not_of("\n\r\t ") + 1);
  return text;
}

std::string with_plain_line_ends(std::string text) {
  std::erase(text, '\r');
  return text;
}

std::string shown(const std::string& text) {
  if (text.empty()) return "nothing";
  return dns::quoted(text.substr(0, kBytesShown)) + (text.size() > kBytesShown ? "…" : "");
}

// ACME compares the whole body, blanks at its end aside; a file needs to contain the value (BR
// 3.2.2.4.18).
bool holds(const Sight& sight, const std::string& body, const std::string& value) {
  if (sight.is_acme()) return without_final_blanks(body) == value;
  return with_plain_line_ends(body).find(without_final_blanks(with_plain_line_ends(value))) !=
         std::string::npos;
}

bool holds_all(const Sight& sight, const std::string& body) {
  return std::ranges::all_of(sight.test.target.expected,
                             [&](const std::string& value) { return holds(sight, body, value); });
}

bool contains_any(const Fetch& last, std::initializer_list<std::string_view> texts) {
  return std::ranges::any_of(
      texts, [&](std::string_view text) { return last.body.find(text) != std::string::npos; });
}

// Who answers in the place of the web server; empty for nobody known.
std::string blocker(const Fetch& last) {
  constexpr std::array<std::string_view, 4> kModems = {"micro_httpd", "cisco-IOS", "LANCOM",
                                                       "Mini web server 1.0 ZTE corp 2005."};
  if (std::ranges::find(kModems, last.server) != kModems.end())
    return "a modem or router (Server: " + last.server + ")";
  if (contains_any(last, {"src=\"/aes.js\"", "src=\"/aes.min.js\"", "var a=toNumbers"}))
    return "a script that lets nobody in who runs no JavaScript (testcookie)";
  if (contains_any(last, {"acme-protocol"}))
    return "a firewall that blocks the protocol ACME (application acme-protocol)";
  return "";
}

Fault blocked(const std::string& what) {
  const bool modem = what.starts_with("a modem");
  return {"web-blocked-page",
          {{"what", what}},
          modem ? "Forward port 80 of the router to the web server."
                : "Let requests below /.well-known/ pass without that, or validate by DNS.",
          Severity::error,
          "a page of something in front"};
}

bool is_plain_http_to_tls(const Fetch& last) {
  return contains_any(last, {"You're speaking plain HTTP to an SSL-enabled server port",
                             "The plain HTTP request was sent to HTTPS port",
                             "Client sent an HTTP request to an HTTPS server"});
}

std::string status_action(const Sight& sight, const Fetch& last) {
  const std::string host = last.host.lower().prose();
  switch (last.status) {
    case 401:
    case 403:
      return "Let requests below /.well-known/ at " + host +
             " pass without login, geographic filter or bot protection.";
    case 404:
    case 410:
      return "Let the web server at " + host + " serve " + last.url +
             " from the folder where the file is written.";
    default:
      break;
  }
  if (last.status >= 500)
    return "Mend the web server at " + host + ": its log tells why it answers with status " +
           std::to_string(last.status) + ".";
  return "Let the web server at " + host + " answer GET " + last.url + " with status 200" +
         (sight.expects_token() ? " and the value." : " once the file is there.");
}

Fault wrong_status(const Sight& sight, const Fetch& last) {
  const std::string status = std::to_string(last.status);
  return {"web-status",
          {{"url", last.url},
           {"status", status},
           {"wanted", sight.expects_token() ? (sight.is_acme() ? "200" : "2xx")
                                            : "404, as for a file that is not there"}},
          status_action(sight, last),
          sight.expects_token() ? Severity::error : Severity::warning,
          "status " + status};
}

bool is_html(const Fetch& last) {
  return last.content_type.find("html") != std::string::npos ||
         without_final_blanks(last.body).starts_with("<");
}

std::string body_action(const Sight& sight, const Fetch& last) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const std::string& wanted = sight.test.target.expected.front();
  const std::string body = without_final_blanks(last.body);
  const std::string token = wanted.substr(0, wanted.find('.'));
  if (is_html(last))
    return "Let the web server serve the file itself at " + last.url +
           "; it sends a page of the site instead.";
  if (body.starts_with(kByteOrderMark))
    return "Save the file without a byte order mark, as plain ASCII.";
  if (body.find(wanted) != std::string::npos)
    return "Leave nothing but the value in the file at " + last.url + ".";
  if (sight.is_acme() && body.starts_with(token + "."))
    return "The file is of another ACME account: order with the account that wrote it, or write " +
           wanted + ".";
  return "Let the web server serve " + shown(wanted) + " at " + last.url + ".";
}

Fault wrong_body(const Sight& sight, const Fetch& last) {
  std::vector<std::string> missing;
  for (const std::string& value : sight.test.target.expected)
    if (!holds(sight, last.body, value)) missing.push_back(shown(value));
  return {"web-body-differs",
          {{"url", last.url}, {"got", shown(last.body)}, {"wanted", joined(missing)}},
          body_action(sight, last),
          Severity::error,
          "another body, " + shown(last.body)};
}

Fault too_long(const Fetch& last) {
  return {"web-body-too-long",
          {{"url", last.url},
           {"bytes", std::to_string(last.body.size()) + (last.body_cut ? " or more" : "")},
           {"limit", std::to_string(kAcmeBody)}},
          "Leave nothing but the value in the file at " + last.url + ", no blanks and no lines.",
          Severity::error,
          "a body that is too long"};
}

// Nobody put a file there: a server that says so is as good as can be told without one.
Fault fault_without_token(const Sight& sight, const Fetch& last) {
  if (last.status == 404 || last.status == 410) return {};
  if (last.status < 200 || last.status > 299) return wrong_status(sight, last);
  return {"web-catch-all",
          {{"url", last.url}, {"status", std::to_string(last.status)}, {"got", shown(last.body)}},
          "Make sure that files below /.well-known/ are served before that rule applies; --expect "
          "VALUE with the file in place tells.",
          Severity::notice,
          "status " + std::to_string(last.status)};
}

}  // namespace

Fault reply_fault(const Sight& sight, const Course& course) {
  const Fetch& last = course.last();
  if (const std::string what = blocker(last); !what.empty()) return blocked(what);
  if (is_plain_http_to_tls(last)) return tls_on_plain_port(last);
  if (!sight.expects_token()) return fault_without_token(sight, last);
  const bool right = sight.is_acme() ? last.status == 200 : last.status / 100 == 2;
  if (!right) return wrong_status(sight, last);
  if (sight.is_acme() && last.body.size() >= kAcmeBody &&
      last.body.starts_with(sight.test.target.expected.front()))
    return too_long(last);
  return holds_all(sight, last.body) ? Fault{} : wrong_body(sight, last);
}

}  // namespace dcv::check::web
