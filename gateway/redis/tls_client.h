#pragma once

// How a Redis server is spoken to through TLS: it must show a certificate that we can verify.

#include <memory>

#include <boost/asio/ssl/context.hpp>

#include "policy/base/result.h"
#include "session/redis/settings.h"

namespace gateway::redis {

struct TlsClient {
    boost::asio::ssl::context context{boost::asio::ssl::context::tls_client};
    std::string server_name;  // Expected of all servers; empty: the host each is dialled by.
};

// Null when `settings` wants none. Errors: Internal, naming the file that cannot be used.
[[nodiscard]] policy::Result<std::unique_ptr<TlsClient>> make_tls_client(
    const session::redis::Settings& settings);

}  // namespace gateway::redis
