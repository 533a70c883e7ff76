#pragma once
// Unpredictable bytes from the kernel: for ids, cookies and letter case.

#include <cstddef>
#include <cstdint>
#include <string>

namespace dcv::net {

// Throws std::system_error when the kernel has none to give.
std::string random_bytes(std::size_t count);
std::uint16_t random_id();

}  // namespace dcv::net
