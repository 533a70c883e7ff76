// Sockets at addresses that no interface has; see asio.h.

#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/v6_only.hpp>
#include <system_error>

#include "lab/asio.h"

namespace dcv::lab {
namespace {

template <typename Socket, typename Endpoint>
void open_and_bind(Socket& socket, const Endpoint& endpoint) {
  const int on = 1;
  socket.open(endpoint.protocol());
  if (endpoint.address().is_v6()) {
    socket.set_option(asio::ip::v6_only(true));
    set_option(socket.native_handle(), IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof on, "freebind");
  } else {
    set_option(socket.native_handle(), IPPROTO_IP, IP_FREEBIND, &on, sizeof on, "freebind");
  }
  socket.bind(endpoint);
}

}  // namespace

asio::ip::address to_asio(const dns::IpAddress& address) {
  if (address.is_v6()) return asio::ip::address_v6(address.bytes());
  asio::ip::address_v4::bytes_type bytes;
  std::copy_n(address.bytes().begin(), bytes.size(), bytes.begin());
  return asio::ip::address_v4(bytes);
}

void set_option(int socket, int level, int option, const void* value, unsigned size,
                const char* what) {
  if (setsockopt(socket, level, option, value, size) == 0) return;
  throw std::system_error(errno, std::generic_category(), what);
}

void open(tcp::acceptor& socket, const tcp::endpoint& endpoint) {
  open_and_bind(socket, endpoint);
}

void open(udp::socket& socket, const udp::endpoint& endpoint) {
  open_and_bind(socket, endpoint);
}

void make_black_hole(int socket) {
  sock_filter drop_all{BPF_RET | BPF_K, 0, 0, 0};
  const sock_fprog program{1, &drop_all};
  set_option(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program, "attach filter");
}

}  // namespace dcv::lab
