#pragma once
// An HTTP/1 reply as it comes in, in pieces of any size, as long or as broken as it likes. Free of
// sockets.

#include <memory>
#include <string>
#include <string_view>

#include "observe/fetch.h"

namespace dcv::net {

class HttpReply {
 public:
  HttpReply();
  ~HttpReply();
  HttpReply(const HttpReply&) = delete;
  HttpReply& operator=(const HttpReply&) = delete;

  // What came from the server.
  void take(std::string_view bytes);
  // The server has ended the connection in good order.
  void take_end();

  // Nothing more is needed: whole, as much as is kept, or not HTTP.
  bool over() const { return complete_ || !fault_.empty(); }
  bool complete() const { return complete_; }
  // What is wrong with the reply, as the second half of a sentence about the server.
  const std::string& fault() const { return fault_; }
  bool has_head() const { return has_head_; }
  std::size_t bytes() const { return bytes_; }  // taken so far
  // Fills in status, fields and body, as far as they have come.
  void tell(observe::Fetch& fetch) const;

 private:
  class Parser;

  void take_head();
  void take_body();

  std::unique_ptr<Parser> parser_;
  std::string waiting_;  // not understood so far
  std::size_t bytes_ = 0;
  int informational_ = 0;
  bool has_head_ = false;
  bool complete_ = false;
  bool chunk_begun_ = false;  // the parser has seen what waits, and wants more
  std::string fault_;
};

}  // namespace dcv::net
