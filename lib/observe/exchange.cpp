// The words for the values of an exchange, as saved in JSON and shown to people.
#include "observe/exchange.h"

namespace dcv::observe {

std::string_view text(Purpose value) {
  switch (value) {
    case Purpose::delegation:
      return "delegation";
    case Purpose::address:
      return "address";
    case Purpose::proof:
      return "proof";
    case Purpose::proof_again:
      return "proof_again";
    case Purpose::proof_tcp:
      return "proof_tcp";
    case Purpose::alias:
      return "alias";
    case Purpose::owner_soa:
      return "owner_soa";
    case Purpose::zone_soa:
      return "zone_soa";
    case Purpose::zone_ns:
      return "zone_ns";
    case Purpose::control:
      return "control";
    case Purpose::caa:
      return "caa";
    case Purpose::ds:
      return "ds";
    case Purpose::dnskey:
      return "dnskey";
    case Purpose::suspicion:
      return "suspicion";
    case Purpose::unused_address:
      return "unused_address";
    case Purpose::view:
      return "view";
    case Purpose::view_again:
      return "view_again";
    case Purpose::view_unchecked:
      return "view_unchecked";
    case Purpose::view_servers:
      return "view_servers";
    case Purpose::view_control:
      return "view_control";
    case Purpose::identity:
      return "identity";
  }
  return "";
}

std::string_view text(Transport value) {
  switch (value) {
    case Transport::udp:
      return "udp";
    case Transport::tcp:
      return "tcp";
    case Transport::tls:
      return "tls";
    case Transport::https:
      return "https";
  }
  return "";
}

std::string_view text(Outcome value) {
  switch (value) {
    case Outcome::reply:
      return "reply";
    case Outcome::timeout:
      return "timeout";
    case Outcome::refused:
      return "refused";
    case Outcome::unreachable:
      return "unreachable";
    case Outcome::closed:
      return "closed";
    case Outcome::malformed:
      return "malformed";
    case Outcome::tls_failed:
      return "tls_failed";
    case Outcome::http_failed:
      return "http_failed";
    case Outcome::not_asked:
      return "not_asked";
  }
  return "";
}

std::string_view text(EdnsSupport value) {
  switch (value) {
    case EdnsSupport::supported:
      return "supported";
    case EdnsSupport::ignored:
      return "ignored";
    case EdnsSupport::rejected:
      return "rejected";
    case EdnsSupport::dropped:
      return "dropped";
    case EdnsSupport::unknown:
      return "unknown";
  }
  return "";
}

std::string_view text(CaseSupport value) {
  switch (value) {
    case CaseSupport::kept:
      return "kept";
    case CaseSupport::changed:
      return "changed";
    case CaseSupport::unknown:
      return "unknown";
  }
  return "";
}

bool asks_for_proof(Purpose purpose) {
  return purpose == Purpose::proof || purpose == Purpose::proof_again ||
         purpose == Purpose::proof_tcp;
}

bool asks_resolver(Purpose purpose) {
  switch (purpose) {
    case Purpose::view:
    case Purpose::view_again:
    case Purpose::view_unchecked:
    case Purpose::view_servers:
    case Purpose::view_control:
    case Purpose::identity:
      return true;
    default:
      return false;
  }
}

bool blames_server(const Exchange& exchange) {
  switch (exchange.outcome) {
    case Outcome::timeout:
    case Outcome::refused:
    case Outcome::closed:
    case Outcome::malformed:
    case Outcome::tls_failed:
    case Outcome::http_failed:
      return true;
    case Outcome::reply:
    case Outcome::unreachable:
    case Outcome::not_asked:
      return false;
  }
  return false;
}

}  // namespace dcv::observe
