#pragma once

// A TLS client that a test moves step by step: OpenSSL works in memory, and what it wants to send
// goes through a Peer. No call waits.

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

#include "tests/support/peer.h"

namespace support {

using ClientContext = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

inline ClientContext make_client_context() {
    ClientContext context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    if (!context) throw std::runtime_error("no TLS client");
    return context;
}

class TlsClient {
public:
    TlsClient(Peer& peer, SSL_CTX& context) : peer_(peer), ssl_(SSL_new(&context), SSL_free) {
        SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(ssl_.get());
    }

    [[nodiscard]] SSL* ssl() { return ssl_.get(); }

    // Goes on with the handshake as far as that is possible; true when it is complete.
    bool shake() {
        take_in();
        const bool complete = SSL_do_handshake(ssl_.get()) == 1;
        if (!complete || !holds_finished_) send_out();
        return complete;
    }

    // The last message of the handshake leaves together with what is written next.
    void hold_finished() { holds_finished_ = true; }

    void write(std::string_view bytes) {
        SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
        send_out();
    }

    // What has arrived since the last call.
    std::string read() {
        take_in();
        std::string text;
        std::array<char, 16384> part;
        for (;;) {
            const int got = SSL_read(ssl_.get(), part.data(), part.size());
            if (got <= 0) return text;
            text.append(part.data(), static_cast<std::size_t>(got));
        }
    }

    void close_notify() {
        SSL_shutdown(ssl_.get());
        send_out();
    }

    // Known after read().
    [[nodiscard]] bool got_close_notify() const {
        return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    }

private:
    void take_in() {
        const auto bytes = peer_.take();
        if (!bytes.empty())
            BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
    }

    void send_out() {
        char* text = nullptr;
        auto* out = SSL_get_wbio(ssl_.get());
        const auto size = BIO_get_mem_data(out, &text);
        if (size > 0) peer_.send({text, static_cast<std::size_t>(size)});
        BIO_reset(out);
    }

    Peer& peer_;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
    bool holds_finished_ = false;
};

}  // namespace support
