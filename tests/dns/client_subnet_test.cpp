// The client-subnet option, from text to wire and back.
#include "dns/message.h"
#include "support/catch.h"

namespace dcv::dns {
namespace {

std::string round_trip(std::string_view text) {
  const Result<ClientSubnet> subnet = ClientSubnet::parse(text);
  if (!subnet) return subnet.error();
  Edns edns;
  edns.options.push_back(subnet->option());
  const auto back = edns.client_subnet();
  return back ? back->address.text() + "/" + std::to_string(back->source_prefix) : "unreadable";
}

TEST_CASE("A client subnet keeps its network bits and loses the others") {
  CHECK(round_trip("198.51.100.77/24") == "198.51.100.0/24");
  CHECK(round_trip("198.51.100.77/20") == "198.51.96.0/20");
  CHECK(round_trip("2001:db8:1:ff77::9/52") == "2001:db8:1:f000::/52");
  CHECK(round_trip("0.0.0.0/0") == "0.0.0.0/0");
}

TEST_CASE("A client subnet without a prefix is the network that resolvers send on") {
  CHECK(round_trip("198.51.100.77") == "198.51.100.0/24");
  CHECK(round_trip("2001:db8:1:ff77::9") == "2001:db8:1:ff00::/56");
}

TEST_CASE("A client subnet that is none is refused in words") {
  CHECK(round_trip("198.51.100.0/33") ==
        "198.51.100.0/33 is not a network: the prefix has 0 to 32 bits");
  CHECK(round_trip("198.51.100.0/") ==
        "198.51.100.0/ is not a network: the prefix has 0 to 32 bits");
  CHECK_FALSE(ClientSubnet::parse("shop.example/24"));
}

TEST_CASE("The option's wire form is RFC 7871's") {
  CHECK(ClientSubnet::parse("198.51.100.0/24")->option().data ==
        std::string("\0\1\x18\0\xc6\x33\x64", 7));
}

}  // namespace
}  // namespace dcv::dns
