#pragma once

// TLS directly on the socket: OpenSSL reads and writes the descriptor itself, so there is no
// second copy and no 34 KiB of buffers for an idle connection.

#include <memory>

#include <openssl/ssl.h>

#include "gateway/io/stream.h"

namespace gateway {

class TlsStream final : public Stream {
public:
    // The server's side of a connection; `context` outlives this.
    TlsStream(TcpSocket socket, TimerWheel& wheel, SSL_CTX& context);

    // `timeout` is for the whole of it. Errors: Timeout, ClientClosed (not TLS, no common
    // parameters, or gone).
    [[nodiscard]] Task<policy::Result<void>> handshake(policy::Duration timeout);

private:
    struct Free {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };
    [[nodiscard]] Progress shake_hands();
    [[nodiscard]] Progress read_some(std::span<char> into) override;
    [[nodiscard]] Progress write_some(std::string_view bytes) override;
    void say_end() override;
    [[nodiscard]] bool has_buffered() const override { return SSL_has_pending(ssl_.get()) == 1; }
    [[nodiscard]] Progress progress_of(int result) const;

    std::unique_ptr<SSL, Free> ssl_;
};

}  // namespace gateway
