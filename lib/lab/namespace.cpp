// A network of our own; see namespace.h.

#include "lab/namespace.h"

#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

namespace dcv::lab {
namespace {

constexpr const char* kLoopback = "lo";

[[noreturn]] void fail(const std::string& what, int error) {
  throw std::runtime_error("cannot " + what + ": " + std::strerror(error));
}

class Socket {
 public:
  Socket(int family, int type, int protocol) : handle_(socket(family, type, protocol)) {
    if (handle_ < 0) fail("open a socket", errno);
  }
  ~Socket() { close(handle_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int handle() const { return handle_; }

 private:
  int handle_;
};

void write_file(const char* path, const std::string& text) {
  std::ofstream file(path);
  if (!(file << text << std::flush)) fail(std::string("write ") + path, errno);
}

// As `unshare --map-root-user`: whoever we are outside is root inside.
void map_to_root(uid_t user, gid_t group) {
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/uid_map", "0 " + std::to_string(user) + " 1");
  write_file("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
}

void unshare_network() {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (user == 0 && unshare(CLONE_NEWNET) == 0) return;
  if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
    throw NoNamespace(
        std::string("this system gives no network namespace to this user (") +
        std::strerror(errno) +
        "): run as root, or allow it with sysctl kernel.unprivileged_userns_clone=1 (Debian) or "
        "kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu)");
  }
  try {
    map_to_root(user, group);
  } catch (const std::runtime_error& error) {  // AppArmor lets us in, but without any capability
    throw NoNamespace(std::string(error.what()) +
                      ": run as root, or allow user namespaces with sysctl "
                      "kernel.apparmor_restrict_unprivileged_userns=0");
  }
}

void raise_loopback() {
  const Socket any(AF_INET, SOCK_DGRAM, 0);
  ifreq request{};
  std::strcpy(request.ifr_name, kLoopback);
  if (ioctl(any.handle(), SIOCGIFFLAGS, &request) != 0) fail("read the state of lo", errno);
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  if (ioctl(any.handle(), SIOCSIFFLAGS, &request) != 0) fail("bring lo up", errno);
}

struct RouteRequest {
  nlmsghdr header;
  rtmsg route;
  rtattr attribute;
  unsigned interface;
};

// ip route add local default dev lo
void make_all_local(int family) {
  RouteRequest request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_NEWROUTE;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
  request.route.rtm_family = static_cast<unsigned char>(family);
  request.route.rtm_table = RT_TABLE_LOCAL;
  request.route.rtm_protocol = RTPROT_BOOT;
  request.route.rtm_scope = RT_SCOPE_HOST;
  request.route.rtm_type = RTN_LOCAL;
  request.attribute.rta_len = RTA_LENGTH(sizeof request.interface);
  request.attribute.rta_type = RTA_OIF;
  request.interface = if_nametoindex(kLoopback);

  const std::string what =
      std::string("make every IPv") + (family == AF_INET ? "4" : "6") + " address local";
  const Socket kernel(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  if (send(kernel.handle(), &request, sizeof request, 0) < 0) fail(what, errno);
  struct {
    nlmsghdr header;
    nlmsgerr result;
    char rest[512];
  } reply{};
  if (recv(kernel.handle(), &reply, sizeof reply, 0) < 0) fail(what, errno);
  if (reply.header.nlmsg_type != NLMSG_ERROR) fail(what, EPROTO);
  if (reply.result.error != 0) fail(what, -reply.result.error);
}

// Containers often switch IPv6 off; where /proc is read-only the route below tells.
void allow_ipv6() {
  for (const char* scope : {"all", "default", "lo"}) {
    std::ofstream("/proc/sys/net/ipv6/conf/" + std::string(scope) + "/disable_ipv6") << "0";
  }
}

}  // namespace

void enter_own_network(bool ipv6) {
  unshare_network();
  if (ipv6) allow_ipv6();
  raise_loopback();
  make_all_local(AF_INET);
  if (ipv6) make_all_local(AF_INET6);
}

bool is_local(const dns::IpAddress& address) {
  namespace ip = boost::asio::ip;
  constexpr unsigned short kAnyPort = 53;
  boost::asio::io_context io;
  ip::udp::socket socket(io);
  const auto target = ip::make_address(address.text());
  boost::system::error_code error;
  socket.connect({target, kAnyPort}, error);
  if (error) return false;
  // The kernel answers for its own addresses from the address itself or from loopback.
  const auto source = socket.local_endpoint().address();
  return source == target || source.is_loopback();
}

}  // namespace dcv::lab
