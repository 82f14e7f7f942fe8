#pragma once

// One connection of a client, from the handshake to the close: a loop you can read aloud.

#include "gateway/exchange.h"
#include "gateway/io/http1_client.h"
#include "gateway/io/tls_stream.h"

namespace gateway {

class Connection {
public:
    Connection(TlsStream& stream, Buffers buffers, const ClientLimits& limits,
               const policy::IpAddress& peer, Services& services);

    // The peer is a proxy, and this is whom it speaks for. Before serve().
    void speak_for(const policy::IpAddress& client) { client_.speak_for(client); }

    // `after_exchange` is called when an exchange has left its record.
    [[nodiscard]] Task<void> serve(policy::Duration handshake_timeout,
                                   const std::function<void()>& after_exchange);

    // Finish what is in progress, start nothing new.
    void drain();

    // Ends at once.
    void cut() { stream_.close(); }

private:
    // One request and its answer. False: the connection is to be broken off.
    [[nodiscard]] Task<bool> exchange(policy::Result<bool> head);
    [[nodiscard]] Task<void> say_goodbye();

    TlsStream& stream_;
    Http1Client client_;
    Services& services_;
    bool draining_ = false;
    bool established_ = false;
};

}  // namespace gateway
