// The web servers of a scenario's JSON as plain values; see scenario_web.h.

#include "lab/scenario_web.h"

#include <openssl/sha.h>

#include <array>

namespace dcv::lab {
namespace {

std::string hexadecimal(const Field& field) {
  const std::string text = field.text();
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    const std::string octet = text.substr(at, 2);
    if (octet.size() != 2 || octet.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
      field.fail("is not hexadecimal");
    bytes += static_cast<char>(std::stoi(octet, nullptr, 16));
  }
  return bytes;
}

std::string digest_of(const std::string& text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return {digest.begin(), digest.end()};
}

AcmeExtension read_acme(const Field& field) {
  AcmeExtension acme;
  field.members({{"digest", [&](const Field& f) { acme.digest = hexadecimal(f); }},
                 {"key_authorization", [&](const Field& f) { acme.digest = digest_of(f.text()); }},
                 {"critical", [&](const Field& f) { acme.critical = f.truth(); }}});
  return acme;
}

void read_texts(const Field& field, std::vector<std::string>& to) {
  field.each([&](const Field& each) { to.push_back(each.text()); });
}

WebTls read_tls(const Field& field) {
  WebTls tls;
  field.members({{"names", [&](const Field& f) { read_texts(f, tls.names); }},
                 {"issuer", [&](const Field& f) { tls.issuer = f.text(); }},
                 {"acme", [&](const Field& f) { tls.acme = read_acme(f); }},
                 {"alpn", [&](const Field& f) { read_texts(f, tls.alpn); }},
                 {"ignores_other_protocols",
                  [&](const Field& f) { tls.ignores_other_protocols = f.truth(); }},
                 {"only_old_versions", [&](const Field& f) { tls.only_old_versions = f.truth(); }}},
                {"names"});
  if (tls.names.empty()) field.fail("lacks names");
  for (const std::string& protocol : tls.alpn)
    if (protocol.empty() || protocol.size() > 255) field.fail("has a protocol without a length");
  return tls;
}

const std::map<std::string, WebFault> kFaultsOfServers = {{"drop", WebFault::drop},
                                                          {"stall", WebFault::stall},
                                                          {"reset", WebFault::reset},
                                                          {"close", WebFault::close},
                                                          {"garbage", WebFault::garbage}};

std::map<std::string, WebFault> faults_of_replies() {
  std::map<std::string, WebFault> faults = kFaultsOfServers;
  faults.erase("drop");
  faults.insert({{"trickle", WebFault::trickle},
                 {"endless", WebFault::endless},
                 {"endless-head", WebFault::endless_head},
                 {"cut", WebFault::cut}});
  return faults;
}

WebReply read_reply(const Field& field) {
  WebReply reply;
  field.members(
      {{"status", [&](const Field& f) { reply.status = static_cast<int>(f.number(100, 999)); }},
       {"headers",
        [&](const Field& f) {
          f.each_key([&](const std::string& key, const Field& value) {
            reply.headers[key] = value.text();
          });
        }},
       {"location", [&](const Field& f) { reply.headers["Location"] = f.text(); }},
       {"body", [&](const Field& f) { reply.body = f.text(); }},
       {"behaviour", [&](const Field& f) { reply.fault = f.word(faults_of_replies()); }}});
  return reply;
}

WebServer read_web_server(const Field& field) {
  WebServer server;
  const auto reply = [&](const std::string& place, const Field& f) {
    if (place.find('/') == std::string::npos && place != "*")
      f.fail("is not for a path; it needs a \"/\", with or without the host before it");
    server.replies[place] = read_reply(f);
  };
  field.members(
      {{"addresses",
        [&](const Field& f) {
          f.each([&](const Field& a) { server.addresses.push_back(a.address()); });
        }},
       {"port",
        [&](const Field& f) { server.port = static_cast<std::uint16_t>(f.number(1, 65535)); }},
       {"tls", [&](const Field& f) { server.tls = read_tls(f); }},
       {"behaviour", [&](const Field& f) { server.fault = f.word(kFaultsOfServers); }},
       {"delay_ms",
        [&](const Field& f) { server.delay_ms = static_cast<int>(f.number(0, 60000)); }},
       {"replies", [&](const Field& f) { f.each_key(reply); }}},
      {"addresses"});
  return server;
}

}  // namespace

std::vector<WebServer> read_web_servers(const Field& field) {
  std::vector<WebServer> servers;
  field.each([&](const Field& each) { servers.push_back(read_web_server(each)); });
  return servers;
}

}  // namespace dcv::lab
