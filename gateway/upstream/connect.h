#pragma once

// Opening a TCP connection to a backend under a deadline.

#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "gateway/io/stream.h"
#include "policy/backend.h"

namespace gateway {

using Endpoint = boost::asio::ip::tcp::endpoint;

// All addresses of the backend's servers, in the order of the policy file. Blocks: for start-up.
// Errors: BackendUnreachable, naming what does not resolve.
[[nodiscard]] policy::Result<std::vector<Endpoint>> resolve(const policy::Backend& backend);

// Errors: BackendUnreachable.
[[nodiscard]] Task<policy::Result<std::unique_ptr<Stream>>> connect(boost::asio::io_context& loop,
                                                                    TimerWheel& wheel,
                                                                    Endpoint endpoint,
                                                                    policy::Duration timeout);

}  // namespace gateway
