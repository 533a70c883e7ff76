#pragma once
// Private to the store: that one process at a time writes.

#include <string>

#include "store.h"

namespace dcv::probes {

// Held as long as it lives, and given back by the system when the process dies. A file of its own:
// closing another descriptor of the database would take SQLite's locks away.
class Store::Lock {
 public:
  explicit Lock(const std::string& path);
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int descriptor_;
};

}  // namespace dcv::probes
