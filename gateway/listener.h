#pragma once

// Listening sockets. Every worker has one of its own on each address (SO_REUSEPORT), and the
// kernel spreads connections over them: no lock, no thundering herd.

#include <functional>
#include <string>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include "gateway/io/socket.h"
#include "policy/base/result.h"

namespace gateway {

using TcpAcceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp,
                                                       boost::asio::io_context::executor_type>;
using boost::asio::ip::tcp;

[[nodiscard]] std::string to_string(const tcp::endpoint& endpoint);

// The address to listen on, with a free port in place of port 0. Errors: Internal when somebody
// else listens there already, which SO_REUSEPORT alone would let pass.
[[nodiscard]] policy::Result<tcp::endpoint> claim(const std::string& host, std::uint16_t port);

class Listener {
public:
    using Accept = std::function<void(TcpSocket, const tcp::endpoint& peer)>;

    // Errors: Internal.
    [[nodiscard]] static policy::Result<std::unique_ptr<Listener>> open(
        boost::asio::io_context& loop, TimerWheel& wheel, const tcp::endpoint& endpoint,
        Accept accept);

    // Begins to accept, once more if need be; `accept` gets non-blocking sockets without Nagle's
    // delay.
    void start();

    // Nobody is accepted from here on, not even who was taken from the kernel already.
    void close();

private:
    // Out of descriptors or memory: tries again later instead of spinning.
    struct Pause final : TimerWheel::Node {
        explicit Pause(Listener& owner) : listener(owner) {}
        void on_deadline() override { listener.start(); }
        Listener& listener;
    };

    Listener(boost::asio::io_context& loop, TimerWheel& wheel, Accept accept);
    void accept_next();
    void accepted(const boost::system::error_code& failed, TcpSocket socket);
    void take(TcpSocket socket);
    void pause(const std::string& why);

    TcpAcceptor acceptor_;
    TimerWheel& wheel_;
    Accept accept_;
    tcp::endpoint peer_;
    bool closed_ = false;
    Pause pause_{*this};
};

}  // namespace gateway
