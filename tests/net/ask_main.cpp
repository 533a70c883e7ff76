// Asks one resolver for TXT records and prints what came: for the tests against real servers.
// Usage: net_ask ENDPOINT ADDRESS NAME COUNT. ADDRESS is for an ENDPOINT without one.

#include <cstdlib>
#include <iostream>

#include "net/dns_transport.h"
#include "resolve/endpoint_text.h"

using namespace dcv;

namespace {

void print(const observe::Exchange& exchange) {
  std::cout << text(exchange.outcome) << '\t' << text(exchange.transport) << '\t';
  if (exchange.reply) {
    std::cout << dns::text(exchange.reply->rcode) << '\t';
    for (const dns::Record& record : exchange.reply->answer) {
      const auto strings = dns::as_txt_strings(record);
      if (strings) std::cout << strings->front() << ' ';
    }
  } else {
    std::cout << "-\t" << exchange.detail;
  }
  std::cout << '\n';
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) return 64;
  const Result<resolve::WrittenEndpoint> written = resolve::parse_endpoint(words[1]);
  if (!written) {
    std::cerr << written.error() << '\n';
    return 64;
  }
  net::Query query;
  query.purpose = observe::Purpose::view;
  query.question = {dns::Name::of(words[3]), dns::RecordType::txt};
  query.recursion_desired = true;
  query.endpoint = {
      written->transport, written->address ? *written->address : dns::IpAddress::of(words[2]),
      written->port,      written->host,
      written->path,      written->post};
  const auto transport = net::make_dns_transport(observe::Settings{});
  for (int i = std::atoi(words[4]); i > 0; --i) transport->ask(query, print);
  transport->run();
}
