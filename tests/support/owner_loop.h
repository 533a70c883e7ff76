#pragma once
// The thread that owns something, in tests of what posts to it: takes what was posted when the test
// says so.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

namespace dcv::testing {

class OwnerLoop {
 public:
  void post(std::function<void()> function) {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(function));
    more_.notify_one();
  }
  // Waits for something if there is nothing.
  void take_one() {
    std::unique_lock lock(mutex_);
    more_.wait(lock, [this] { return !posted_.empty(); });
    const std::function<void()> function = std::move(posted_.front());
    posted_.pop_front();
    lock.unlock();
    function();
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<std::function<void()>> posted_;
};

}  // namespace dcv::testing
