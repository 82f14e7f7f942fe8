#pragma once

// A TLS connection over a socket pair: the gateway's end is a TlsStream, the other a TlsClient.

#include <csignal>

#include "gateway/io/tls_stream.h"
#include "gateway/tls/server_context.h"
#include "tests/support/certificate.h"
#include "tests/support/fake_random.h"
#include "tests/support/policy_folder.h"
#include "tests/support/tls_client.h"

namespace support {

// What a listener has, with a certificate of its own.
class TlsServer {
public:
    TlsServer() {
        const auto made = make_certificate();
        folder.write("tls.pem", made.pem);
        folder.write("tls.key", made.key);
    }

    [[nodiscard]] policy::Result<gateway::TlsContext> context() {
        return gateway::make_server_context(folder.file("tls.pem"), folder.file("tls.key"),
                                            tickets);
    }

    PolicyFolder folder;
    FakeRandom random;
    gateway::TicketKeys tickets = gateway::TicketKeys::generate(random).value();
};

class TlsLink {
public:
    TlsLink(Loop& loop, SSL_CTX& server_context, SSL_CTX& client_context)
        : ends(make_ends(loop)),
          peer(ends.theirs),
          stream(std::move(ends.ours), loop.wheel, server_context),
          client(peer, client_context),
          loop_(loop) {
        // As in the gateway: OpenSSL writes with write(), which raises it.
        std::signal(SIGPIPE, SIG_IGN);
    }

    // True when both sides agree.
    [[nodiscard]] bool shake() {
        Started shaking(stream.handshake(std::chrono::hours(1)));
        bool client_agrees = false;
        return loop_.run_until([&] {
            client_agrees = client.shake();
            return shaking.is_done();
        }) && shaking.result() &&
               client_agrees;
    }

    Ends ends;
    Peer& peer;
    gateway::TlsStream stream;
    TlsClient client;

private:
    Loop& loop_;
};

}  // namespace support
