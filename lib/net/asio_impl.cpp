// Boost.Asio's own code, compiled once for the whole library (BOOST_ASIO_SEPARATE_COMPILATION),
// and the conversion of our addresses into its own.

#include <utility>

#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>

#include <algorithm>

#include "net/asio.h"

namespace dcv::net {

asio::ip::address to_asio(const dns::IpAddress& address) {
  if (address.is_v6()) return asio::ip::address_v6(address.bytes());
  asio::ip::address_v4::bytes_type bytes;
  std::copy_n(address.bytes().begin(), bytes.size(), bytes.begin());
  return asio::ip::address_v4(bytes);
}

}  // namespace dcv::net
