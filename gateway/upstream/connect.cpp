#include "gateway/upstream/connect.h"

#include <cerrno>
#include <system_error>

#include <sys/socket.h>

namespace gateway {
namespace {

using policy::Reason;

std::string describe(const Endpoint& endpoint) {
    const auto address = endpoint.address().to_string();
    const auto port = std::to_string(endpoint.port());
    return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

tl::unexpected<policy::Error> unreachable(const Endpoint& endpoint, int error) {
    return policy::fail(Reason::BackendUnreachable,
                        describe(endpoint) + ": " + std::generic_category().message(error));
}

int pending_error(int descriptor) {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
    return error;
}

}  // namespace

policy::Result<std::vector<Endpoint>> resolve(const policy::Backend& backend) {
    boost::asio::io_context loop;
    boost::asio::ip::tcp::resolver resolver(loop);
    std::vector<Endpoint> endpoints;
    for (const auto& server : backend.servers) {
        boost::system::error_code failed;
        const auto found = resolver.resolve(server.host, std::to_string(server.port), failed);
        if (failed)
            return policy::fail(
                Reason::BackendUnreachable,
                "backend " + backend.name.text() + ": " + server.host + ": " + failed.message());
        for (const auto& entry : found) endpoints.push_back(entry.endpoint());
    }
    return endpoints;
}

Task<policy::Result<std::unique_ptr<Stream>>> connect(boost::asio::io_context& loop,
                                                      TimerWheel& wheel, Endpoint endpoint,
                                                      policy::Duration timeout) {
    TcpSocket socket(loop);
    boost::system::error_code failed;
    socket.open(endpoint.protocol(), failed);
    if (!failed) socket.non_blocking(true, failed);
    if (!failed) socket.set_option(boost::asio::ip::tcp::no_delay(true), failed);
    if (failed) co_return unreachable(endpoint, failed.value());

    auto stream = std::make_unique<PlainStream>(std::move(socket), wheel);
    const int descriptor = stream->socket().descriptor();
    const auto size = static_cast<socklen_t>(endpoint.size());
    if (::connect(descriptor, endpoint.data(), size) != 0) {
        if (errno != EINPROGRESS) co_return unreachable(endpoint, errno);
        const auto wake = co_await stream->socket().wait(Direction::Write, timeout);
        if (wake != Wake::Ready) co_return unreachable(endpoint, ETIMEDOUT);
        if (const int error = pending_error(descriptor)) co_return unreachable(endpoint, error);
    }
    co_return std::unique_ptr<Stream>(std::move(stream));
}

}  // namespace gateway
