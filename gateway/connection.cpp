#include "gateway/connection.h"

namespace gateway {
namespace {

struct Unwatched {
    ~Unwatched() { client.watch({}); }
    Client& client;
};

}  // namespace

Connection::Connection(TlsStream& stream, Buffers buffers, const ClientLimits& limits,
                       const policy::IpAddress& peer, Services& services)
    : stream_(stream), client_(stream, buffers, limits, peer), services_(services) {}

Task<void> Connection::serve(policy::Duration handshake_timeout,
                             const std::function<void()>& after_exchange) {
    if (!co_await stream_.handshake(handshake_timeout)) co_return stream_.close();
    established_ = true;
    if (draining_) co_return co_await say_goodbye();
    for (;;) {
        auto head = co_await client_.read_head();
        const bool left = head ? !*head : head.error().reason == policy::Reason::ClientClosed;
        if (left) break;
        const bool whole = co_await exchange(std::move(head));
        after_exchange();
        if (!whole) co_return stream_.close();
        if (!client_.keeps_alive()) break;
    }
    co_await say_goodbye();
}

Task<bool> Connection::exchange(policy::Result<bool> head) {
    Exchange one(services_, client_);
    // The exchange may end by an exception; it is not to be told of the client any more then.
    const Unwatched unwatched{client_};
    if (!head) co_return co_await one.refuse_unread(std::move(head.error()));
    co_return co_await one.run();
}

Task<void> Connection::say_goodbye() {
    stream_.end_writing();
    co_await client_.linger();
    stream_.close();
}

void Connection::drain() {
    draining_ = true;
    if (established_) client_.close_soon();
}

}  // namespace gateway
