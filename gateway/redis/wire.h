#pragma once

// Wire: the bytes of one connection to a Redis server, by TCP or a Unix socket, through TLS or not.

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "gateway/redis/tls_client.h"
#include "session/redis/reply.h"
#include "session/task.h"

namespace gateway::redis {

using session::Task;
using session::redis::Address;
using session::redis::Reply;

// Errors of every call: StoreUnavailable, naming the server. One call to read and one to write may
// be under way; whoever waits keeps the wire. Made as a shared_ptr.
class Wire : public std::enable_shared_from_this<Wire> {
public:
    // Both outlive this; `tls` may be null, and is not used on Unix sockets.
    Wire(boost::asio::io_context& loop, TlsClient* tls)
        : loop_(loop), tls_(tls), socket_(loop), deadline_(loop) {}

    [[nodiscard]] Task<policy::Result<void>> open(Address address);
    [[nodiscard]] Task<policy::Result<void>> write(std::string_view bytes);
    // The next reply, however many bytes that takes.
    [[nodiscard]] Task<policy::Result<Reply>> read();
    // The next reply that is there already; nothing when there is none.
    [[nodiscard]] policy::Result<std::optional<Reply>> read_ready() { return replies_.next(); }

    // Closes when so much time has passed and unlimit() was not called.
    void limit(policy::Duration timeout);
    void unlimit();

    // An error of this server.
    [[nodiscard]] tl::unexpected<policy::Error> fault(const std::string& why) const;

    // Ends whatever waits, with `why`. The first reason stays.
    void close(std::string_view why);

private:
    using Protocol = boost::asio::generic::stream_protocol;
    using Socket =
        boost::asio::basic_stream_socket<Protocol, boost::asio::io_context::executor_type>;

    [[nodiscard]] Task<policy::Result<Protocol::endpoint>> resolve(Address address);
    [[nodiscard]] Task<policy::Result<void>> secure(Address address);
    [[nodiscard]] tl::unexpected<policy::Error> fault(
        const boost::system::error_code& failed) const;

    boost::asio::io_context& loop_;
    TlsClient* tls_;
    Socket socket_;
    std::optional<boost::asio::ssl::stream<Socket&>> secured_;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock> deadline_;
    std::uint64_t limits_ = 0;  // Set so far: one that is over must not close.
    session::redis::ReplyReader replies_;
    std::array<char, 16 * 1024> room_;
    std::string peer_;
    std::string why_;
    bool is_closed_ = false;
};

}  // namespace gateway::redis
