#pragma once
// What tls-alpn-01 cares about in the certificate that a server showed.

#include <optional>

#include "net/asio_tls.h"
#include "observe/fetch.h"

namespace dcv::net {

// Of the first certificate of the chain; nothing when the server showed none.
std::optional<observe::ShownCertificate> shown_certificate(const SSL& connection);

}  // namespace dcv::net
