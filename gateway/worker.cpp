#include "gateway/worker.h"

#include <exception>
#include <utility>

#include <boost/asio/post.hpp>

#include "gateway/log.h"
#include "session/public_suffix.h"

namespace gateway {
namespace {

policy::IpAddress to_address(const boost::asio::ip::address& address) {
    if (address.is_v4()) return policy::IpAddress::v4(address.to_v4().to_bytes());
    return policy::IpAddress::v6(address.to_v6().to_bytes());
}

// Memory may be what is missing: to say so must not fail in its turn.
void tell(const char* what, const std::exception& failure) noexcept {
    try {
        log_error(std::string(what) + ": " + failure.what());
    } catch (const std::exception&) {
    }
}

ClientLimits limits_of(const config::ConnectionLimits& limits) {
    return {limits.head, limits.head_timeout, limits.keep_alive_timeout, limits.body_timeout};
}

}  // namespace

Worker::Worker(Shared& shared, RequestIds ids)
    : settings_(shared.settings),
      limits_(limits_of(settings_->limits)),
      audit_(shared.audit, settings_->session.binding.network.network),
      store_(shared.stores.open(loop_)),
      sessions_(store_->store(), shared.random, settings_->session,
                session::KeyRing(settings_->cookie_keys), shared.repeats),
      pools_(loop_, wheel_, buffers_, settings_->backends, shared.backends),
      headers_{policy::ReservedNames(settings_->identity_names),
               [this](std::string_view name) { return sessions_.cookies().resembles_ours(name); },
               settings_->path_parameters},
      stale_cookies_(settings_->routes, session::is_public_suffix),
      request_ids_(std::move(ids)),
      logouts_(pools_, wheel_, audit_, headers_, shared.clock, request_ids_,
               [this] { end_if_idle(); }),
      services_{sessions_,
                shared.attempts,
                pools_,
                shared.clock,
                audit_,
                request_ids_,
                settings_->routes,
                headers_,
                settings_->session.binding,
                stale_cookies_,
                live_,
                settings_->logout_path,
                settings_->session.header,
                &settings_->trusted_proxies} {}

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
        auto listener = Listener::open(
            loop_, wheel_, shared.addresses[i],
            [this, door = Door{borrowed, settings_->listeners[i].expects_proxy_header}](
                TcpSocket socket, const tcp::endpoint& peer) {
                accept(std::move(socket), peer, door);
            });
        if (!listener) return tl::unexpected(listener.error());
        listeners_.push_back(std::move(*listener));
    }
    return policy::ok();
}

void Worker::run() {
    store_->start();
    for (auto& listener : listeners_) listener->start();
    // What escapes from the loop itself leaves it in a state that nobody knows: that is the end of
    // the process, which is started anew.
    loop_.run();
    flush_.on_deadline();
}

void Worker::Alarm::on_deadline() {
    try {
        action();
    } catch (const std::exception& failure) {
        tell("a task of the worker is left out", failure);
    }
}

void Worker::accept(TcpSocket socket, const tcp::endpoint& peer, Door door) {
    if (connections_.size() >= settings_->limits.connections) {
        if (!std::exchange(told_full_, true))
            log_error("limits.connections is reached: further clients are turned away");
        return;
    }
    told_full_ = false;
    try {
        session::spawn(serve(std::move(socket), to_address(peer.address()), door));
    } catch (const std::exception& failure) {
        tell("a client is turned away", failure);
    }
}

// All sessions live in this process, so that a failure here, of memory most likely, must cost
// nobody else's connection.
Task<void> Worker::serve(TcpSocket socket, policy::IpAddress peer, Door door) {
    try {
        co_await converse(std::move(socket), peer, door);
    } catch (const std::exception& failure) {
        tell("a connection is broken off", failure);
    }
}

Task<void> Worker::converse(TcpSocket socket, policy::IpAddress peer, Door door) {
    TlsStream stream(std::move(socket), wheel_, door.context);
    Connection connection(stream, buffers_, limits_, peer, services_);
    const Place place(*this, connection);
    if (door.expects_proxy_header) {
        const auto client = co_await introduce(stream, peer);
        if (!client) co_return;
        connection.speak_for(*client);
    }
    co_await connection.serve(settings_->limits.handshake_timeout, [this] { schedule_flush(); });
}

Task<policy::Result<policy::IpAddress>> Worker::introduce(TlsStream& stream,
                                                          policy::IpAddress peer) {
    policy::Result<policy::IpAddress> client = policy::fail(policy::Reason::BadProxyHeader);
    if (settings_->trusted_proxies.contains(peer))
        client =
            co_await read_proxy_header(stream.socket(), peer, settings_->limits.handshake_timeout);
    if (client) co_return client;

    AuditContext context;
    context.time = services_.clock.now();
    context.client = &peer;
    const auto reason = client.error().reason;
    if (reason == policy::Reason::BadProxyHeader)
        audit_.report(context, policy::Finding{policy::Event::HttpMalformed, reason, {}, {}});
    stream.close();
    co_return client;
}

Worker::Place::Place(Worker& worker, Connection& connection)
    : worker_(worker),
      position_(worker.connections_.insert(worker.connections_.end(), &connection)) {}

Worker::Place::~Place() {
    worker_.connections_.erase(position_);
    worker_.end_if_idle();
}

void Worker::schedule_flush() {
    constexpr policy::Duration kDelay{200};
    if (audit_.has_lines() && !flush_.is_armed()) wheel_.arm(flush_, kDelay);
}

void Worker::drain() {
    boost::asio::post(loop_, [this] { begin_drain(); });
}

void Worker::send(LogoutCall call) {
    boost::asio::post(loop_, [this, call = std::move(call)]() mutable {
        logouts_.send(std::move(call));
        if (draining_) logouts_.drain();
        schedule_flush();
    });
}

void Worker::session_ended(const session::SessionKey& key, policy::Reason reason) {
    boost::asio::post(loop_, [this, key, reason] { live_.ended(key, reason); });
}

void Worker::recheck() {
    boost::asio::post(loop_, [this] { session::spawn(look_at(live_.sessions())); });
}

// Whoever cannot be looked at stays: the store says so when it answers again.
Task<void> Worker::look_at(std::vector<session::Locator> sessions) {
    for (const auto& at : sessions) {
        const auto found = co_await store_->store().load(at);
        if (!found) continue;
        if (const auto* over = std::get_if<session::Ended>(&*found)) live_.ended(at, over->reason);
        if (std::holds_alternative<session::Missing>(*found))
            live_.ended(at, policy::Reason::Revoked);
    }
}

void Worker::begin_drain() {
    if (std::exchange(draining_, true)) return cut();
    for (auto& listener : listeners_) listener->close();
    wheel_.arm(cut_, settings_->limits.drain_timeout);
    // A connection that has nothing to finish leaves the list at once.
    for (auto next = connections_.begin(); next != connections_.end();) (*next++)->drain();
    logouts_.drain();
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
    if (!draining_ || !connections_.empty() || !logouts_.is_idle()) return;
    cut_.unlink();
    flush_.unlink();
    live_.stop();
    store_->stop();
    pools_.clear();
    wheel_.stop();
}

}  // namespace gateway
