#include "gateway/listener.h"

#include <exception>
#include <memory>
#include <utility>

#include "gateway/log.h"

namespace gateway {
namespace {

using ReusePort = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
using boost::system::error_code;

tl::unexpected<policy::Error> cannot_listen(const std::string& where, const error_code& why) {
    return policy::fail(policy::Reason::Internal,
                        "cannot listen on " + where + ": " + why.message());
}

error_code bind(TcpAcceptor& acceptor, const tcp::endpoint& endpoint, bool shared) {
    error_code failed;
    acceptor.open(endpoint.protocol(), failed);
    if (!failed) acceptor.set_option(TcpAcceptor::reuse_address(true), failed);
    if (!failed && shared) acceptor.set_option(ReusePort(true), failed);
    if (!failed && endpoint.address().is_v6())
        acceptor.set_option(boost::asio::ip::v6_only(true), failed);
    if (!failed) acceptor.bind(endpoint, failed);
    return failed;
}

}  // namespace

std::string to_string(const tcp::endpoint& endpoint) {
    const auto address = endpoint.address().to_string();
    const auto port = std::to_string(endpoint.port());
    return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

policy::Result<tcp::endpoint> claim(const std::string& host, std::uint16_t port) {
    error_code failed;
    const auto address = boost::asio::ip::make_address(host, failed);
    if (failed) return cannot_listen(host, failed);
    const tcp::endpoint wanted(address, port);
    boost::asio::io_context loop;
    TcpAcceptor probe(loop);
    failed = bind(probe, wanted, false);
    if (!failed) probe.listen(1, failed);
    if (failed) return cannot_listen(to_string(wanted), failed);
    return probe.local_endpoint();
}

Listener::Listener(boost::asio::io_context& loop, TimerWheel& wheel, Accept accept)
    : acceptor_(loop), wheel_(wheel), accept_(std::move(accept)) {}

policy::Result<std::unique_ptr<Listener>> Listener::open(boost::asio::io_context& loop,
                                                         TimerWheel& wheel,
                                                         const tcp::endpoint& endpoint,
                                                         Accept accept) {
    std::unique_ptr<Listener> listener(new Listener(loop, wheel, std::move(accept)));
    auto failed = bind(listener->acceptor_, endpoint, true);
    if (!failed) listener->acceptor_.listen(TcpAcceptor::max_listen_connections, failed);
    if (!failed) listener->acceptor_.non_blocking(true, failed);
    if (failed) return cannot_listen(to_string(endpoint), failed);
    return listener;
}

void Listener::start() {
    error_code ignored;  // There may be nothing to cancel.
    acceptor_.cancel(ignored);
    pause_.unlink();
    accept_next();
}

void Listener::accept_next() {
    if (closed_) return;
    try {
        acceptor_.async_accept(peer_, [this](const error_code& failed, TcpSocket socket) {
            // Cancelled: the listener may be gone.
            if (failed == boost::asio::error::operation_aborted) return;
            accepted(failed, std::move(socket));
        });
    } catch (const std::exception& failure) {
        pause(failure.what());
    }
}

void Listener::accepted(const error_code& failed, TcpSocket socket) {
    if (closed_) return;
    if (failed && failed != boost::asio::error::connection_aborted) return pause(failed.message());
    if (!failed) take(std::move(socket));
    accept_next();
}

void Listener::pause(const std::string& why) {
    wheel_.arm(pause_, std::chrono::seconds(1));
    log_error("accepting connections pauses: " + why);
}

void Listener::take(TcpSocket socket) {
    error_code failed;
    socket.non_blocking(true, failed);
    if (!failed) socket.set_option(tcp::no_delay(true), failed);
    if (!failed) accept_(std::move(socket), peer_);
}

void Listener::close() {
    closed_ = true;
    pause_.unlink();
    error_code ignored;  // Closing a listening socket has nothing to lose.
    acceptor_.close(ignored);
}

}  // namespace gateway
