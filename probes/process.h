#pragma once
// What the programs that go on need of the system.

#include <sys/resource.h>

#include <chrono>

namespace dcv::probes {

// Each question under way has a socket, and many are; what a process may have beyond the usual, it
// has to ask for.
inline void raise_file_limit() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

// Since any start; never goes back.
inline double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace dcv::probes
