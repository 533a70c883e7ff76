// A queue of hashes to compute, and what goes on afterwards.
#include "http_guard.h"

namespace dcv::probes {
namespace {

HttpReply unauthorized() {
  return {401,
          "a user and a password are needed\n",
          "text/plain; charset=utf-8",
          {{"WWW-Authenticate", "Basic realm=\"dcv-exporter\", charset=\"UTF-8\""}},
          true};
}

HttpReply too_many() {
  return {503,
          "too many passwords wait to be looked at\n",
          "text/plain; charset=utf-8",
          {{"Retry-After", "1"}},
          true};
}

}  // namespace

HttpGuard::HttpGuard(Handler guarded, Post post)
    : guarded_(std::move(guarded)), post_(std::move(post)), thread_([this] { compute(); }) {}

HttpGuard::~HttpGuard() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    more_.notify_one();
  }
  thread_.join();
}

void HttpGuard::admit(std::map<std::string, std::string> users) {
  passwords_.admit(std::move(users));
  ++generation_;
}

std::function<void()> HttpGuard::handle(const HttpRequest& request, const Reply& reply) {
  if (!passwords_.wanted()) return guarded_(request, reply);
  if (const std::optional<bool> good = passwords_.known(request.authorization)) {
    if (*good) return guarded_(request, reply);
    reply(unauthorized());
    return nullptr;
  }
  if (visits_.size() >= kVisits) {
    reply(too_many());
    return nullptr;
  }
  const long id = next_++;
  visits_[id] = {request, reply, generation_};
  enqueue(id);
  return [this, id] { leave(id); };
}

void HttpGuard::enqueue(long id) {
  PasswordTrial trial = passwords_.trial(visits_.at(id).request.authorization);
  const std::lock_guard lock(mutex_);
  jobs_.push_back({id, std::move(trial)});
  more_.notify_one();
}

void HttpGuard::go_on(long id, bool good) {
  const auto found = visits_.find(id);
  if (found == visits_.end() || found->second.inside) return;
  const std::string field = found->second.request.authorization;
  if (!passwords_.wanted()) {
    good = true;
  } else if (found->second.generation != generation_) {  // others may come now
    found->second.generation = generation_;
    return enqueue(id);
  } else {
    passwords_.remember(field, good);
  }
  std::vector<long> same;  // one look is enough for all who told the same
  for (const auto& [each, visit] : visits_)
    if (!visit.inside && visit.request.authorization == field) same.push_back(each);
  for (const long each : same) settle(each, good);
}

void HttpGuard::settle(long id, bool good) {
  const auto found = visits_.find(id);
  if (found == visits_.end()) return;
  drop_job(id);
  found->second.inside = true;
  const HttpRequest request = found->second.request;
  const Reply reply = [this, id, reply = found->second.reply](HttpReply made) {
    visits_.erase(id);
    reply(std::move(made));
  };
  if (!good) return reply(unauthorized());
  std::function<void()> abandon = guarded_(request, reply);
  if (const auto waiting = visits_.find(id); waiting != visits_.end())
    waiting->second.abandon = std::move(abandon);
}

void HttpGuard::drop_job(long id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(jobs_, [&](const Job& job) { return job.visit == id; });
}

void HttpGuard::leave(long id) {
  const auto found = visits_.find(id);
  if (found == visits_.end()) return;
  const std::function<void()> abandon = std::move(found->second.abandon);
  visits_.erase(found);
  drop_job(id);
  if (abandon) abandon();
}

void HttpGuard::compute() {
  std::unique_lock lock(mutex_);
  while (true) {
    more_.wait(lock, [this] { return over_ || !jobs_.empty(); });
    if (over_) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    const bool good = succeeds(job.trial);
    post_([this, id = job.visit, good] { go_on(id, good); });
    lock.lock();
  }
}

}  // namespace dcv::probes
