#pragma once
// A fixed number of threads that look at names side by side. What they share with the thread that
// owns them is in this one class: tasks on the way in, results on the way out.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "check/outlook.h"
#include "resolve/collect.h"

namespace dcv::probes {

struct Task {
  std::string name;
  resolve::Plan plan;  // one name, with all its targets
  bool with_outlooks = false;
};

struct Seen {
  std::string name;
  std::vector<check::Snapshot> snapshots;
  std::vector<std::vector<check::Outlook>> outlooks;  // one a snapshot; empty: not wanted
  std::string failure;                                // why there is nothing; empty: there is
};

class Crew {
 public:
  // `look` runs in any of the threads, and must share nothing that changes.
  Crew(std::size_t size, std::function<Seen(const Task&)> look);
  ~Crew();  // ends the threads, each after the look that it is at
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void give(Task task);
  // What has been finished meanwhile; waits at most so many seconds for something.
  std::vector<Seen> take(double seconds);

 private:
  void work();

  std::function<Seen(const Task&)> look_;
  std::mutex mutex_;  // over the three below
  std::deque<Task> tasks_;
  std::vector<Seen> results_;
  bool ending_ = false;
  std::condition_variable task_came_, result_came_;
  std::vector<std::thread> threads_;
};

}  // namespace dcv::probes
