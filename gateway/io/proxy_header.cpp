#include "gateway/io/proxy_header.h"

#include <array>
#include <cerrno>

#include <sys/socket.h>

namespace gateway {

using policy::Reason;

session::Task<policy::Result<policy::IpAddress>> read_proxy_header(Socket& socket,
                                                                   policy::IpAddress peer,
                                                                   policy::Duration timeout) {
    const Deadline deadline(timeout);
    policy::ProxyHeaderReader reader;
    std::array<char, 1024> room;
    while (reader.wants() > 0) {
        if (!socket.is_open()) co_return policy::fail(Reason::ClientClosed);
        const auto most = std::min(reader.wants(), room.size());
        const auto got = ::recv(socket.descriptor(), room.data(), most, 0);
        if (got > 0) {
            const auto fed = reader.feed({room.data(), static_cast<std::size_t>(got)});
            if (!fed) co_return tl::unexpected(fed.error());
            continue;
        }
        if (got < 0 && errno == EINTR) continue;
        if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
            co_return policy::fail(Reason::ClientClosed);
        const auto wake = co_await socket.wait(Direction::Read, deadline.left());
        if (wake == Wake::TimedOut) co_return policy::fail(Reason::Timeout);
        if (wake == Wake::Closed) co_return policy::fail(Reason::ClientClosed);
    }
    co_return reader.client().value_or(peer);
}

}  // namespace gateway
