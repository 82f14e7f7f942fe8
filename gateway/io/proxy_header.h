#pragma once

// Takes the header of the PROXY protocol off a connection, before TLS begins on it.

#include "gateway/io/deadline.h"
#include "gateway/io/socket.h"
#include "policy/http/proxy_header.h"
#include "session/task.h"

namespace gateway {

// Whom the proxy at `peer` speaks for. Errors: Timeout, ClientClosed, BadProxyHeader.
[[nodiscard]] session::Task<policy::Result<policy::IpAddress>> read_proxy_header(
    Socket& socket, policy::IpAddress peer, policy::Duration timeout);

}  // namespace gateway
