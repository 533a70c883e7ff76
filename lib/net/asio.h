#pragma once
// The private door to Boost.Asio for the .cpp files of lib/net; no public header includes it.

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "dns/ip.h"

namespace dcv::net {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

asio::ip::address to_asio(const dns::IpAddress& address);

}  // namespace dcv::net
