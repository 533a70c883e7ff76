// Two queues under one lock.
#include "crew.h"

#include <chrono>
#include <utility>

namespace dcv::probes {

Crew::Crew(std::size_t size, std::function<Seen(const Task&)> look) : look_(std::move(look)) {
  for (std::size_t i = 0; i < size; ++i) threads_.emplace_back([this] { work(); });
}

Crew::~Crew() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    tasks_.clear();
  }
  task_came_.notify_all();
  for (std::thread& each : threads_) each.join();
}

void Crew::give(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  task_came_.notify_one();
}

std::vector<Seen> Crew::take(double seconds) {
  std::unique_lock lock(mutex_);
  result_came_.wait_for(lock, std::chrono::duration<double>(seconds),
                        [this] { return !results_.empty(); });
  return std::exchange(results_, {});
}

void Crew::work() {
  while (true) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      task_came_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
      if (ending_) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    Seen result = look_(task);
    {
      const std::lock_guard lock(mutex_);
      results_.push_back(std::move(result));
    }
    result_came_.notify_one();
  }
}

}  // namespace dcv::probes
