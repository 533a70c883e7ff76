#pragma once
// Asks for a password before a handler may answer. Hashes are computed in a thread of their own,
// one at a time, so that who guesses passwords holds up nobody whose password is known.

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "http_passwords.h"
#include "http_server.h"

namespace dcv::probes {

class HttpGuard {
 public:
  using Post = std::function<void(std::function<void()>)>;

  // Passwords that wait to be looked at, and what their owners asked for then; more are refused.
  static constexpr std::size_t kVisits = 64;

  // `post` brings a function to the thread of the server.
  HttpGuard(Handler guarded, Post post);
  ~HttpGuard();

  // From now on these may come; all, if there are none.
  void admit(std::map<std::string, std::string> users);
  // A Handler.
  std::function<void()> handle(const HttpRequest& request, const Reply& reply);

 private:
  // A request that waits for its password to be looked at. Never leaves the server's thread.
  struct Visit {
    HttpRequest request;
    Reply reply;
    long generation = 0;                 // of the users
    bool inside = false;                 // the password was looked at
    std::function<void()> abandon = {};  // of the guarded handler, once it was called
  };
  // What the other thread gets and gives back, plain values only.
  struct Job {
    long visit = 0;
    PasswordTrial trial;
  };

  void compute();
  void enqueue(long id);
  void go_on(long id, bool good);
  void settle(long id, bool good);
  void leave(long id);
  void drop_job(long id);

  Handler guarded_;
  Post post_;
  Passwords passwords_;
  std::map<long, Visit> visits_;
  long next_ = 0, generation_ = 0;

  std::mutex mutex_;  // of the two below
  std::deque<Job> jobs_;
  bool over_ = false;
  std::condition_variable more_;
  std::thread thread_;
};

}  // namespace dcv::probes
