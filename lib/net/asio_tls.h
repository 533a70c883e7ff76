#pragma once
// The private door to Boost.Asio's TLS and to OpenSSL, apart from asio.h since few need it.

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "net/asio.h"
