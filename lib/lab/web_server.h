#pragma once
// The sockets of the lab's web servers. Private to the lab; which reply is given is web.h's
// business.

#include <functional>
#include <string>

#include "lab/asio.h"
#include "lab/web.h"

namespace dcv::lab {

// Takes one line for the log of what was asked; may be empty.
using Log = std::function<void(const std::string&)>;

// Begins to serve at one of the server's addresses; each reply comes `delay` later than the
// scenario says. Throws std::system_error when the socket cannot be opened.
void start_web_server(asio::io_context& io, const WebServer& server, const dns::IpAddress& address,
                      std::chrono::milliseconds delay, const Log& log);

}  // namespace dcv::lab
