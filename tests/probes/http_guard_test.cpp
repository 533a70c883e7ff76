// Who waits for a password to be looked at, and who does not.
#include "http_guard.h"

#include <crypt.h>

#include <functional>
#include <utility>

#include "observe/base64.h"
#include "support/catch.h"
#include "support/owner_loop.h"

using namespace dcv;
using namespace dcv::probes;

namespace {

std::string hash_of(const std::string& password) {
  crypt_data space{};
  return crypt_r(password.c_str(), "$2y$04$abcdefghijklmnopqrstuu", &space);
}

struct House {
  dcv::testing::OwnerLoop loop;
  int came_in = 0;
  HttpGuard guard{[this](const HttpRequest&, const Reply& reply) -> std::function<void()> {
                    ++came_in;
                    reply({200, "in"});
                    return nullptr;
                  },
                  [this](std::function<void()> function) { loop.post(std::move(function)); }};

  House() { guard.admit({{"alice", hash_of("secret")}}); }
  // Statuses of replies are put there.
  std::function<void()> knock(const std::string& told, std::vector<int>& statuses) {
    HttpRequest request{"GET", "/"};
    request.authorization = "Basic " + observe::base64(told);
    return guard.handle(request, [&](const HttpReply& reply) {
      statuses.push_back(reply.status);
      CHECK(reply.is_last == (reply.status != 200));
    });
  }
};

}  // namespace

TEST_CASE("whose password is known never waits behind those that are looked at") {
  House house;
  std::vector<int> alice, flood;
  house.knock("alice:secret", alice);
  house.loop.take_one();
  REQUIRE(alice == std::vector<int>{200});
  for (int i = 0; i < 1100; ++i) {
    house.knock("alice:" + std::to_string(i), flood);
    house.loop.take_one();
  }
  REQUIRE(flood == std::vector<int>(1100, 401));
  flood.clear();
  // Nothing that is looked at from here on can be answered: the loop does not run.
  for (std::size_t i = 0; i <= HttpGuard::kVisits; ++i)
    house.knock("bob:" + std::to_string(i), flood);
  CHECK(flood == std::vector<int>{503});
  house.knock("alice:secret", alice);
  CHECK(alice == std::vector<int>{200, 200});
}

TEST_CASE("one look is enough for all who wait with the same password") {
  House house;
  std::vector<int> statuses;
  for (int i = 0; i < 5; ++i) house.knock("alice:secret", statuses);
  house.loop.take_one();
  CHECK(statuses == std::vector<int>(5, 200));
  CHECK(house.came_in == 5);
}

TEST_CASE("who leaves before the look takes its place in the queue along") {
  House house;
  std::vector<int> left, statuses;
  for (int i = 0; i < 3000; ++i) house.knock("bob:" + std::to_string(i), left)();
  house.knock("alice:secret", statuses);
  int looks = 0;  // but for those that began before their owner had left
  for (; statuses.empty(); ++looks) house.loop.take_one();
  CHECK(looks < 1000);
  CHECK(left.empty());
  CHECK(statuses == std::vector<int>{200});
}

TEST_CASE("who waits while the users change is looked at anew, or comes in where none are wanted") {
  House house;
  std::vector<int> statuses;
  house.knock("alice:secret", statuses);
  house.guard.admit({{"alice", hash_of("new")}});
  house.loop.take_one();
  CHECK(statuses.empty());
  house.loop.take_one();
  CHECK(statuses == std::vector<int>{401});
  house.knock("alice:other", statuses);
  house.guard.admit({});
  house.loop.take_one();
  CHECK(statuses == std::vector<int>{401, 200});
}
