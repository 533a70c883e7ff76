#pragma once
// Basic authentication (RFC 7617) against bcrypt hashes. What was found out is remembered, since a
// hash takes a tenth of a second to compare: by a keyed digest, never by the password.

#include <map>
#include <optional>
#include <set>
#include <string>

namespace dcv::probes {

// "$2y$10$..." as crypt(3) takes it, of a cost that can be borne.
bool is_password_hash(const std::string& text);

// A password and the hash that it should have.
struct PasswordTrial {
  std::string password, hash;
  bool is_user = false;  // false: the hash is nobody's, and only takes as long
};
// Takes long.
bool succeeds(const PasswordTrial& trial);

class Passwords {
 public:
  Passwords();

  // From now on these may come, hashes by user. Who keeps the hash stays known.
  void admit(std::map<std::string, std::string> users);
  bool wanted() const { return !users_.empty(); }
  // Whether the Authorization field names a user with its password, as far as that is known
  // already. A good one stays known, however many wrong ones come.
  std::optional<bool> known(const std::string& authorization) const;
  // What tells otherwise.
  PasswordTrial trial(const std::string& authorization) const;
  void remember(const std::string& authorization, bool good);

 private:
  struct Credentials {
    std::string user, password;
  };
  static std::optional<Credentials> credentials_of(const std::string& authorization);
  std::string digest(const Credentials& told) const;

  std::map<std::string, std::string> users_;
  std::string key_;                          // random, of this object
  std::map<std::string, std::string> good_;  // digests, one for each user at most
  std::set<std::string> wrong_;              // digests
};

}  // namespace dcv::probes
