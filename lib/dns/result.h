#pragma once
// A value or the reason why there is none. For what can go wrong with input and with DNS;
// exceptions are only for "cannot go on".

#include <string>
#include <utility>
#include <variant>

namespace dcv {

// Why something could not be done: one sentence without a final full stop, for people.
struct Error {
  std::string message;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::move(error)) {}  // NOLINT: implicit by design

  explicit operator bool() const { return std::holds_alternative<T>(state_); }
  // value(), * and -> may be called only when the Result is true; error() only when it is false.
  const T& value() const& { return std::get<T>(state_); }
  T&& value() && { return std::get<T>(std::move(state_)); }
  const T& operator*() const { return std::get<T>(state_); }
  const T* operator->() const { return &std::get<T>(state_); }
  const std::string& error() const { return std::get<Error>(state_).message; }

 private:
  std::variant<T, Error> state_;
};

}  // namespace dcv
