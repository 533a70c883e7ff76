#pragma once
// TLS of the server side; private to http*.cpp.

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "web_config.h"

namespace dcv::probes {

// Throws std::runtime_error that names the file that cannot be used.
std::shared_ptr<boost::asio::ssl::context> make_tls_context(const WebTlsSettings& settings);

}  // namespace dcv::probes
