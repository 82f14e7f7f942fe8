#include "gateway/redis/wire.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/write.hpp>

#include "gateway/io/completion.h"

namespace gateway::redis {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
using policy::Reason;

// A name, as opposed to an address, is also sent in the handshake (RFC 6066 section 3).
bool is_address(const std::string& host) {
    error_code failed;
    boost::asio::ip::make_address(host, failed);
    return !failed;
}

}  // namespace

tl::unexpected<policy::Error> Wire::fault(const std::string& why) const {
    return policy::fail(Reason::StoreUnavailable, "redis " + peer_ + ": " + why);
}

tl::unexpected<policy::Error> Wire::fault(const error_code& failed) const {
    return fault(why_.empty() ? failed.message() : why_);
}

Task<policy::Result<void>> Wire::open(Address address) {
    peer_ = address.text();
    const auto found = co_await resolve(address);
    if (!found) co_return tl::unexpected(found.error());
    const Protocol::endpoint endpoint = *found;
    const auto connected =
        co_await completion([&](auto done) { socket_.async_connect(endpoint, done); });
    if (connected.failed || is_closed_) co_return fault(connected.failed);
    if (address.is_unix()) co_return policy::ok();
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    if (!tls_) co_return policy::ok();
    co_return co_await secure(std::move(address));
}

Task<policy::Result<Wire::Protocol::endpoint>> Wire::resolve(Address address) {
    if (address.is_unix())
        co_return Protocol::endpoint(boost::asio::local::stream_protocol::endpoint(address.host));
    error_code failed;
    const auto literal = boost::asio::ip::make_address(address.host, failed);
    if (!failed) co_return Protocol::endpoint(tcp::endpoint(literal, address.port));
    tcp::resolver resolver(loop_);
    std::optional<tcp::endpoint> found;
    const auto resolved = co_await completion([&](auto done) {
        resolver.async_resolve(address.host, std::to_string(address.port),
                               [&found, done](const error_code& error, auto results) mutable {
                                   if (!error) found = results.begin()->endpoint();
                                   done(error);
                               });
    });
    if (!found || is_closed_) co_return fault(resolved.failed);
    co_return Protocol::endpoint(*found);
}

Task<policy::Result<void>> Wire::secure(Address address) {
    secured_.emplace(socket_, tls_->context);
    const auto name = tls_->server_name.empty() ? address.host : tls_->server_name;
    error_code failed;
    secured_->set_verify_callback(boost::asio::ssl::host_name_verification(name), failed);
    if (!failed && !is_address(name))
        SSL_set_tlsext_host_name(secured_->native_handle(), name.c_str());
    if (failed) co_return fault(failed);
    const auto shaken = co_await completion(
        [&](auto done) { secured_->async_handshake(boost::asio::ssl::stream_base::client, done); });
    if (shaken.failed || is_closed_) co_return fault(shaken.failed);
    co_return policy::ok();
}

Task<policy::Result<void>> Wire::write(std::string_view bytes) {
    const auto buffer = boost::asio::buffer(bytes);
    const auto written = co_await completion([&](auto done) {
        if (secured_) return boost::asio::async_write(*secured_, buffer, done);
        boost::asio::async_write(socket_, buffer, done);
    });
    if (written.failed || is_closed_) co_return fault(written.failed);
    co_return policy::ok();
}

Task<policy::Result<Reply>> Wire::read() {
    for (;;) {
        auto ready = replies_.next();
        if (!ready) co_return tl::unexpected(ready.error());
        if (*ready) co_return std::move(**ready);
        const auto buffer = boost::asio::buffer(room_);
        const auto some = co_await completion([&](auto done) {
            if (secured_) return secured_->async_read_some(buffer, done);
            socket_.async_read_some(buffer, done);
        });
        if (some.failed || is_closed_) co_return fault(some.failed);
        const auto fed = replies_.feed({room_.data(), some.size});
        if (!fed) co_return tl::unexpected(fed.error());
    }
}

void Wire::limit(policy::Duration timeout) {
    deadline_.expires_after(timeout);
    deadline_.async_wait([weak = weak_from_this(), mine = ++limits_](const error_code& cancelled) {
        const auto self = weak.lock();
        if (!cancelled && self && mine == self->limits_) self->close("no answer in time");
    });
}

void Wire::unlimit() {
    ++limits_;
    deadline_.cancel();
}

void Wire::close(std::string_view why) {
    if (std::exchange(is_closed_, true)) return;
    why_ = why;
    error_code ignored;
    deadline_.cancel();
    socket_.close(ignored);
}

}  // namespace gateway::redis
