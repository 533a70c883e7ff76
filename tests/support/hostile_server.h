#pragma once
// A name server on loopback whose every move is scripted by a test: UDP and TCP on one port, one
// thread each, plain POSIX sockets, so that no bug of lib/net hides behind the same library.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace dcv::testing {

// A file descriptor with an owner.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {
    if (number < 0) throw std::system_error(errno, std::generic_category(), "hostile server");
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

inline void pause_for(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

// A query that came over UDP.
class Datagram {
 public:
  Datagram(int socket, sockaddr_in client, std::string bytes, int number)
      : socket_(socket), client_(client), bytes_(std::move(bytes)), number_(number) {}
  const std::string& bytes() const { return bytes_; }
  int number() const { return number_; }  // 1 for the first query the server got
  void reply(std::string_view bytes) const {
    ::sendto(socket_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&client_),
             sizeof client_);
  }

 private:
  int socket_;
  sockaddr_in client_;
  std::string bytes_;
  int number_;
};

// A TCP connection that a client opened; closed in the end.
class Connection {
 public:
  explicit Connection(int number) : socket_(number) {}
  // The next query without its length bytes; empty when the client is gone.
  std::string read_query() {
    const std::string length = read(2);
    if (length.size() < 2) return {};
    return read(static_cast<std::size_t>(static_cast<unsigned char>(length[0]) << 8 |
                                         static_cast<unsigned char>(length[1])));
  }
  // False when the client is gone.
  bool send(std::string_view bytes) {
    return ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  // The file descriptor, for those who speak more than DNS.
  int number() const { return socket_.number(); }
  // The close becomes a reset.
  void reset_on_close() {
    const linger at_once{1, 0};
    ::setsockopt(socket_.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }

 private:
  std::string read(std::size_t count) {
    std::string bytes(count, '\0');
    const ssize_t got = ::recv(socket_.number(), bytes.data(), count, MSG_WAITALL);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }
  Descriptor socket_;
};

inline std::string framed(std::string_view message) {
  std::string bytes = {static_cast<char>(message.size() >> 8),
                       static_cast<char>(message.size() & 0xff)};
  return bytes.append(message);
}

class HostileServer {
 public:
  using OnDatagram = std::function<void(const Datagram&)>;
  using OnConnection = std::function<void(Connection&)>;

  // An empty function leaves that port closed. Port 0: any that is free.
  HostileServer(const OnDatagram& on_datagram, const OnConnection& on_connection,
                const char* address = "127.0.0.1", std::uint16_t port = 0)
      : HostileServer(on_datagram, on_connection, bound_pair(address, port)) {}
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;
  ~HostileServer() {
    stop_ = true;
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

  std::uint16_t port() const { return port_; }
  int datagrams() const { return datagrams_; }
  int connections() const { return connections_; }

 private:
  using Sockets = std::pair<Descriptor, Descriptor>;  // TCP and UDP of one port

  HostileServer(const OnDatagram& on_datagram, const OnConnection& on_connection, Sockets sockets)
      : tcp_(std::move(sockets.first)), udp_(std::move(sockets.second)), port_(port_of(tcp_)) {
    if (on_connection) {
      ::listen(tcp_.number(), 64);
      threads_[1] = std::thread([this, on_connection] { serve_tcp(on_connection); });
    }
    if (on_datagram) {
      threads_[0] = std::thread([this, on_datagram] { serve_udp(on_datagram); });
    } else {
      Descriptor closed(std::move(udp_));
    }
  }
  // A port that is free for TCP may be taken for UDP: then another one.
  static Sockets bound_pair(const char* address, std::uint16_t port) {
    for (int tries = 10;; --tries) {
      Descriptor tcp = bound(SOCK_STREAM, address, port);
      try {
        Descriptor udp = bound(SOCK_DGRAM, address, port_of(tcp));
        return {std::move(tcp), std::move(udp)};
      } catch (const std::system_error&) {
        if (port != 0 || tries == 0) throw;
      }
    }
  }
  static Descriptor bound(int type, const char* address, std::uint16_t port) {
    Descriptor socket(::socket(AF_INET, type, 0));
    const int space = 1 << 20;
    ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVBUF, &space, sizeof space);
    sockaddr_in self{};
    self.sin_family = AF_INET;
    self.sin_port = htons(port);
    ::inet_pton(AF_INET, address, &self.sin_addr);
    if (::bind(socket.number(), reinterpret_cast<sockaddr*>(&self), sizeof self) != 0) {
      throw std::system_error(errno, std::generic_category(), "bind hostile server");
    }
    return socket;
  }
  static std::uint16_t port_of(const Descriptor& socket) {
    sockaddr_in self{};
    socklen_t size = sizeof self;
    ::getsockname(socket.number(), reinterpret_cast<sockaddr*>(&self), &size);
    return ntohs(self.sin_port);
  }
  bool wait_for(const Descriptor& socket) const {
    pollfd waiting{socket.number(), POLLIN, 0};
    return ::poll(&waiting, 1, 5) > 0;
  }
  void serve_udp(const OnDatagram& on_datagram) {
    while (!stop_) {
      if (!wait_for(udp_)) continue;
      std::string bytes(65535, '\0');
      sockaddr_in client{};
      socklen_t size = sizeof client;
      const ssize_t got = ::recvfrom(udp_.number(), bytes.data(), bytes.size(), 0,
                                     reinterpret_cast<sockaddr*>(&client), &size);
      if (got < 0) continue;
      bytes.resize(static_cast<std::size_t>(got));
      on_datagram(Datagram(udp_.number(), client, bytes, ++datagrams_));
    }
  }
  void serve_tcp(const OnConnection& on_connection) {
    while (!stop_) {
      if (!wait_for(tcp_)) continue;
      const int client = ::accept(tcp_.number(), nullptr, nullptr);
      if (client < 0) continue;
      Connection connection(client);
      ++connections_;
      on_connection(connection);
    }
  }

  Descriptor tcp_, udp_;
  std::uint16_t port_;
  std::atomic<bool> stop_ = false;
  std::atomic<int> datagrams_ = 0, connections_ = 0;
  std::thread threads_[2];
};

}  // namespace dcv::testing
