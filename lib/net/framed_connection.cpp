// Ids that are unique on the connection, and messages cut out of the stream.

#include "net/framed_connection.h"

#include <algorithm>

#include "net/random.h"

namespace dcv::net {
namespace {

constexpr std::size_t kLengthBytes = 2;

std::uint16_t number_at(std::string_view bytes) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[0]) << 8 |
                                    static_cast<unsigned char>(bytes[1]));
}

std::string two_bytes(std::size_t number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
}

}  // namespace

void FramedConnection::submit(Tag tag, const std::string& packet) {
  std::uint16_t id = random_id();
  while (ids_.count(id) != 0) id = random_id();
  ids_[id] = tag;
  send(two_bytes(packet.size()) + two_bytes(id) + packet.substr(2));
}

void FramedConnection::withdraw(Tag tag) {
  std::erase_if(ids_, [tag](const auto& each) { return each.second == tag; });
}

void FramedConnection::receive(std::string_view bytes) {
  incoming_ += bytes;
  std::size_t at = 0;
  while (open_now() && incoming_.size() - at >= kLengthBytes) {
    const std::size_t size = number_at(std::string_view(incoming_).substr(at));
    if (incoming_.size() - at - kLengthBytes < size) break;
    take_message(std::string_view(incoming_).substr(at + kLengthBytes, size));
    at += kLengthBytes + size;
  }
  incoming_.erase(0, at);
}

void FramedConnection::take_message(std::string_view bytes) {
  if (bytes.size() < 2) return;
  const auto asked = ids_.find(number_at(bytes));
  if (asked != ids_.end()) deliver(asked->second, asked->first, bytes);
}

}  // namespace dcv::net
