// Reads the kernel's random generator.

#include "net/random.h"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace dcv::net {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw std::system_error(errno, std::generic_category(), "read random bytes");
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::uint16_t random_id() {
  const std::string bytes = random_bytes(2);
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[0]) << 8 |
                                    static_cast<unsigned char>(bytes[1]));
}

}  // namespace dcv::net
