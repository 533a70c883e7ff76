// IP addresses: text form and special purposes.

#include "dns/ip.h"

#include <stdexcept>

#include "support/catch.h"

using dcv::dns::IpAddress;

TEST_CASE("addresses are read strictly and written as RFC 5952 asks") {
  CHECK(IpAddress::of("192.0.2.1").text() == "192.0.2.1");
  CHECK(IpAddress::of("2001:DB8:0:0:1:0:0:1").text() == "2001:db8::1:0:0:1");
  CHECK(IpAddress::of("::").text() == "::");
  CHECK(IpAddress::of("::ffff:192.0.2.1").text() == "::ffff:192.0.2.1");
  CHECK(IpAddress().text() == "0.0.0.0");
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", " 1.2.3.4",
                           "fe80::1%lo", "[::1]", "1::2::3", "shop.example"}) {
    INFO(text);
    CHECK_FALSE(IpAddress::parse(text));
  }
  CHECK_FALSE(IpAddress::parse(std::string_view("1.2.3.4\0x", 9)));
  CHECK(IpAddress::parse("1.2.3").error() == "\"1.2.3\" is not an IP address");
  CHECK_THROWS_AS(IpAddress::of("x"), std::invalid_argument);
}

TEST_CASE("IPv4 sorts before IPv6 and differs from it") {
  CHECK(IpAddress::of("255.0.0.0") < IpAddress::of("::"));
  CHECK(IpAddress::of("1.2.3.4") < IpAddress::of("1.2.3.5"));
  CHECK_FALSE(IpAddress::of("0.0.0.0") == IpAddress::of("::"));
}

TEST_CASE("special purposes follow the registries of IANA") {
  struct Case {
    const char* address;
    const char* purpose;
  };
  const Case cases[] = {{"10.1.2.3", "private use"},
                        {"172.16.0.1", "private use"},
                        {"172.31.255.255", "private use"},
                        {"172.32.0.0", ""},
                        {"172.15.255.255", ""},
                        {"192.168.1.1", "private use"},
                        {"100.64.0.1", "shared address space"},
                        {"100.128.0.1", ""},
                        {"127.0.0.53", "loopback"},
                        {"169.254.169.254", "link local"},
                        {"192.0.0.9", ""},
                        {"192.0.0.8", "protocol assignments"},
                        {"192.0.2.1", "documentation"},
                        {"198.18.0.1", "benchmarking"},
                        {"198.19.255.255", "benchmarking"},
                        {"198.20.0.0", ""},
                        {"203.0.113.9", "documentation"},
                        {"224.0.0.1", "multicast"},
                        {"240.0.0.1", "reserved"},
                        {"255.255.255.255", "broadcast"},
                        {"0.0.0.0", "this network"},
                        {"8.8.8.8", ""},
                        {"::", "unspecified"},
                        {"::1", "loopback"},
                        {"::2", "reserved"},
                        {"::ffff:10.0.0.1", "private use"},
                        {"::ffff:8.8.8.8", ""},
                        {"64:ff9b::808:808", ""},
                        {"2001:db8::1", "documentation"},
                        {"2001:0:1::", "Teredo"},
                        {"2001:100::1", "protocol assignments"},
                        {"2001:200::1", ""},
                        {"2001:4:112::1", ""},
                        {"2a07:a8c0::10", ""},
                        {"3fff:fff::1", "documentation"},
                        {"3fff:1000::1", ""},
                        {"4000::1", "reserved"},
                        {"fd00::1", "private use"},
                        {"fe80::1", "link local"},
                        {"ff02::1", "multicast"}};
  for (const auto& [address, purpose] : cases) {
    INFO(address);
    CHECK(IpAddress::of(address).special_purpose() == purpose);
  }
}
