#include "gateway/worker.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "gateway/log.h"

namespace gateway {
namespace {

policy::IpAddress to_address(const boost::asio::ip::address& address) {
    if (address.is_v4()) return policy::IpAddress::v4(address.to_v4().to_bytes());
    return policy::IpAddress::v6(address.to_v6().to_bytes());
}

ClientLimits limits_of(const config::ConnectionLimits& limits) {
    return {limits.head, limits.head_timeout, limits.keep_alive_timeout, limits.body_timeout};
}

}  // namespace

Worker::Worker(Shared& shared, RequestIds ids)
    : settings_(shared.settings),
      limits_(limits_of(settings_->limits)),
      audit_(shared.audit, settings_->binding.network),
      sessions_(shared.store, shared.random, settings_->session,
                session::KeyRing(settings_->cookie_keys)),
      pools_(loop_, wheel_, buffers_, settings_->backends, shared.backends),
      headers_{policy::ReservedNames(settings_->identity_names),
               [this](std::string_view name) { return sessions_.cookies().resembles_ours(name); }},
      request_ids_(std::move(ids)),
      services_{sessions_,    shared.attempts,   pools_,   shared.clock,      audit_,
                request_ids_, settings_->routes, headers_, settings_->binding} {}

Worker::~Worker() = default;

policy::Result<std::unique_ptr<Worker>> Worker::create(Shared& shared, TicketKeys& tickets) {
    auto ids = RequestIds::begin(shared.random);
    if (!ids) return tl::unexpected(ids.error());
    std::unique_ptr<Worker> worker(new Worker(shared, std::move(*ids)));
    const auto listening = worker->listen(shared, tickets);
    if (!listening) return tl::unexpected(listening.error());
    return worker;
}

policy::Result<void> Worker::listen(Shared& shared, TicketKeys& tickets) {
    for (std::size_t i = 0; i < settings_->listeners.size(); ++i) {
        const auto& tls = settings_->listeners[i].tls;
        auto context = make_server_context(tls.certificate, tls.key, tickets);
        if (!context) return tl::unexpected(context.error());
        SSL_CTX& borrowed = *contexts_.emplace_back(std::move(*context));
        auto listener =
            Listener::open(loop_, wheel_, shared.addresses[i],
                           [this, &borrowed](TcpSocket socket, const tcp::endpoint& peer) {
                               accept(std::move(socket), peer, borrowed);
                           });
        if (!listener) return tl::unexpected(listener.error());
        listeners_.push_back(std::move(*listener));
    }
    return policy::ok();
}

void Worker::run() {
    for (auto& listener : listeners_) listener->start();
    loop_.run();
    audit_.flush();
}

void Worker::accept(TcpSocket socket, const tcp::endpoint& peer, SSL_CTX& context) {
    if (connection_count_ >= settings_->limits.connections) {
        if (!std::exchange(told_full_, true))
            log_error("limits.connections is reached: further clients are turned away");
        return;
    }
    told_full_ = false;
    session::spawn(serve(std::move(socket), to_address(peer.address()), context));
}

Task<void> Worker::serve(TcpSocket socket, policy::IpAddress peer, SSL_CTX& context) {
    ++connection_count_;
    {
        TlsStream stream(std::move(socket), wheel_, context);
        Connection connection(stream, buffers_, limits_, peer, services_);
        const auto place = connections_.insert(connections_.end(), &connection);
        co_await connection.serve(settings_->limits.handshake_timeout,
                                  [this] { schedule_flush(); });
        connections_.erase(place);
    }
    --connection_count_;
    end_if_idle();
}

void Worker::schedule_flush() {
    constexpr policy::Duration kDelay{200};
    if (audit_.has_lines() && !flush_.is_armed()) wheel_.arm(flush_, kDelay);
}

void Worker::drain() {
    boost::asio::post(loop_, [this] { begin_drain(); });
}

void Worker::begin_drain() {
    if (std::exchange(draining_, true)) return cut();
    for (auto& listener : listeners_) listener->close();
    // Copied, because a connection that has nothing to finish leaves the list at once.
    const auto connections = connections_;
    for (auto* connection : connections) connection->drain();
    wheel_.arm(cut_, settings_->limits.drain_timeout);
    end_if_idle();
}

// Closing the clients' connections ends what reads from or writes to them; what waits for a backend
// is ended by its deadline, now.
void Worker::cut() {
    for (auto* connection : connections_) connection->cut();
    wheel_.hurry();
}

// With no connection, no pooled upstream and no timer left, the loop runs dry.
void Worker::end_if_idle() {
    if (!draining_ || connection_count_ > 0) return;
    cut_.unlink();
    flush_.unlink();
    pools_.clear();
    wheel_.stop();
}

}  // namespace gateway
