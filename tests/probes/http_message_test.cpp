// What clients send in a request line and in Accept, and where the exporter may listen.
#include "http_message.h"

#include "http_server.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::probes;
using report::MetricsForm;

TEST_CASE("a request's path and query are decoded") {
  const auto request = request_of("GET", "/probe?target=%2A.shop.example&module=a+b&&empty");
  REQUIRE(request);
  CHECK(request->path == "/probe");
  CHECK(*parameter(*request, "target") == "*.shop.example");
  CHECK(*parameter(*request, "module") == "a b");
  CHECK(parameter(*request, "empty")->empty());
  CHECK(parameter(*request, "absent")->empty());
}

TEST_CASE("an absolute URL is read from its path on") {
  const auto request = request_of("GET", "HTTP://127.0.0.1:9947/probe?target=a");
  REQUIRE(request);
  CHECK(request->path == "/probe");
  CHECK(*parameter(*request, "target") == "a");
  CHECK(request_of("GET", "https://exporter")->path == "/");
  CHECK_FALSE(request_of("GET", "ftp://exporter/probe"));
  CHECK_FALSE(request_of("GET", "://x/probe"));
}

TEST_CASE("what cannot be decoded, stands there twice or is too much is refused") {
  CHECK_FALSE(request_of("GET", "probe"));
  CHECK_FALSE(request_of("GET", "/probe?target=%"));
  CHECK_FALSE(request_of("GET", "/probe?target=%4"));
  CHECK_FALSE(request_of("GET", "/probe?target=%4g"));
  const auto twice = request_of("GET", "/probe?target=a&target=a");
  REQUIRE(twice);
  CHECK(parameter(*twice, "target").error() == "the parameter target stands there twice");
  std::string many = "/?a=1";
  for (std::size_t i = 1; i < kParameters; ++i) many += "&a=1";
  CHECK(request_of("GET", many));
  CHECK_FALSE(request_of("GET", many + "&a=1"));
}

TEST_CASE("OpenMetrics is for clients that ask for its version, and like it as much at least") {
  CHECK(preferred_form("") == MetricsForm::classic);
  CHECK(preferred_form("*/*") == MetricsForm::classic);
  CHECK(preferred_form("text/html, application/xhtml+xml;q=0.9") == MetricsForm::classic);
  CHECK(preferred_form("application/openmetrics-text;version=1.0.0") == MetricsForm::openmetrics);
  CHECK(preferred_form("Application/OpenMetrics-Text") == MetricsForm::openmetrics);
  CHECK(preferred_form("application/openmetrics-text;version=0.0.1") == MetricsForm::classic);
  CHECK(preferred_form("application/openmetrics-text;q=0") == MetricsForm::classic);
  CHECK(preferred_form("application/openmetrics-text;q=0.4, text/plain;version=0.0.4;q=0.5") ==
        MetricsForm::classic);
  // Prometheus 2.42
  CHECK(preferred_form(
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
            "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1") == MetricsForm::openmetrics);
}

TEST_CASE("addresses to listen on have a port, and brackets where they are IPv6") {
  CHECK(text(*parse_listen_address("127.0.0.1:9947")) == "127.0.0.1:9947");
  CHECK(text(*parse_listen_address("[::1]:9947")) == "[::1]:9947");
  for (const char* slip :
       {"", "9947", ":9947", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
        "127.0.0.1:1x", "::1:9947", "[127.0.0.1]:9947", "localhost:9947", "[::1:9947"}) {
    INFO(slip);
    CHECK_FALSE(parse_listen_address(slip));
  }
}
