// bcrypt by crypt_r(3); digests and comparisons in constant time by OpenSSL.
#include "http_passwords.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstring>
#include <memory>

#include "net/random.h"
#include "observe/base64.h"

namespace dcv::probes {
namespace {

constexpr std::size_t kHashLength = 60;
constexpr int kMostCost = 14;             // a second and more on today's machines
constexpr std::size_t kMostWrong = 1000;  // that are remembered

}  // namespace

bool is_password_hash(const std::string& text) {
  const bool form = text.size() == kHashLength && text.starts_with("$2") &&
                    std::strchr("aby", text[2]) != nullptr && text[3] == '$' && text[6] == '$' &&
                    text.find_first_not_of("0123456789", 4) == 6;
  if (!form || text.find_first_of(":*\n", 7) != std::string::npos) return false;
  const int cost = std::stoi(text.substr(4, 2));
  return cost >= 4 && cost <= kMostCost;
}

bool succeeds(const PasswordTrial& trial) {
  const auto space = std::make_unique<crypt_data>();
  const char* const made = crypt_r(trial.password.c_str(), trial.hash.c_str(), space.get());
  return made != nullptr && std::strlen(made) == trial.hash.size() &&
         CRYPTO_memcmp(made, trial.hash.data(), trial.hash.size()) == 0 && trial.is_user;
}

Passwords::Passwords() : key_(net::random_bytes(32)) {}

void Passwords::admit(std::map<std::string, std::string> users) {
  std::erase_if(good_, [&](const auto& known) {
    const auto now = users.find(known.first), before = users_.find(known.first);
    return now == users.end() || now->second != before->second;
  });
  wrong_.clear();
  users_ = std::move(users);
}

std::optional<Passwords::Credentials> Passwords::credentials_of(const std::string& authorization) {
  constexpr std::size_t kWord = 6;
  if (OPENSSL_strcasecmp(authorization.substr(0, kWord).c_str(), "Basic ") != 0)
    return std::nullopt;
  const Result<std::string> text = observe::from_base64(authorization.substr(kWord));
  if (!text) return std::nullopt;
  const std::size_t colon = text->find(':');
  // crypt(3) ends a password at a NUL.
  if (colon == std::string::npos || text->find('\0') != std::string::npos) return std::nullopt;
  return Credentials{text->substr(0, colon), text->substr(colon + 1)};
}

std::string Passwords::digest(const Credentials& told) const {
  const std::string text = told.user + ":" + told.password;  // the first colon ends the user
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes, &size);
  return {reinterpret_cast<const char*>(bytes), size};
}

std::optional<bool> Passwords::known(const std::string& authorization) const {
  const std::optional<Credentials> told = credentials_of(authorization);
  if (!told) return false;
  const std::string mark = digest(*told);
  if (const auto good = good_.find(told->user); good != good_.end() && good->second == mark)
    return true;
  return wrong_.contains(mark) ? std::optional(false) : std::nullopt;
}

PasswordTrial Passwords::trial(const std::string& authorization) const {
  const std::optional<Credentials> told = credentials_of(authorization);
  if (!told || users_.empty()) return {};
  const auto user = users_.find(told->user);
  // Who is no user takes as long as one, so that none can be guessed.
  if (user == users_.end()) return {told->password, users_.begin()->second};
  return {told->password, user->second, true};
}

void Passwords::remember(const std::string& authorization, bool good) {
  const std::optional<Credentials> told = credentials_of(authorization);
  if (!told) return;
  if (good) {
    good_[told->user] = digest(*told);
    return;
  }
  if (wrong_.size() >= kMostWrong) wrong_.clear();
  wrong_.insert(digest(*told));
}

}  // namespace dcv::probes
