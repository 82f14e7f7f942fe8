#pragma once

// A TLS client that asks one question on a connection of its own and waits for the end of it.

#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "gateway/upstream/connect.h"
#include "tests/support/wire.h"

namespace support {

class TlsAsker {
public:
    explicit TlsAsker(gateway::Endpoint server) : server_(std::move(server)) {}

    // What came back until the connection ended, in whatever way; nothing when it did not end.
    [[nodiscard]] std::optional<std::string> ask(std::string_view request) const {
        const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const timeval patience{20, 0};
        ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::connect(socket.number(), server_.data(), static_cast<socklen_t>(server_.size()));
        const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context_.get()), SSL_free);
        SSL_set_fd(ssl.get(), socket.number());
        if (SSL_connect(ssl.get()) == 1)
            SSL_write(ssl.get(), request.data(), static_cast<int>(request.size()));
        std::string answer;
        std::array<char, 4096> part;
        for (int got = 0; (got = SSL_read(ssl.get(), part.data(), part.size())) > 0;)
            answer.append(part.data(), static_cast<std::size_t>(got));
        const bool is_silent = SSL_want_read(ssl.get()) != 0 && errno == EAGAIN;
        return is_silent ? std::nullopt : std::optional(answer);
    }

private:
    gateway::Endpoint server_;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{SSL_CTX_new(TLS_client_method()),
                                                               SSL_CTX_free};
};

}  // namespace support
