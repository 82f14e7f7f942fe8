#pragma once

// TCP on the loopback: servers that accept, refuse or never answer. The kernel chooses the ports.

#include <optional>
#include <stdexcept>
#include <vector>

#include <netinet/in.h>

#include "tests/support/peer.h"

namespace support {

using Endpoint = boost::asio::ip::tcp::endpoint;

inline Endpoint loopback(std::uint16_t port) {
    return {boost::asio::ip::address_v4::loopback(), port};
}

// A socket that is bound. Who connects to it is refused until it listens.
class BoundSocket {
public:
    BoundSocket() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
        const auto any = loopback(0);
        if (::bind(descriptor_, any.data(), static_cast<socklen_t>(any.size())) != 0)
            throw std::runtime_error("nothing can be bound");
    }
    ~BoundSocket() { ::close(descriptor_); }
    BoundSocket(const BoundSocket&) = delete;
    BoundSocket& operator=(const BoundSocket&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }

    [[nodiscard]] Endpoint endpoint() const {
        Endpoint bound;
        auto size = static_cast<socklen_t>(bound.capacity());
        ::getsockname(descriptor_, bound.data(), &size);
        return bound;
    }

private:
    int descriptor_;
};

class Server {
public:
    Server() { ::listen(socket_.descriptor(), SOMAXCONN); }

    [[nodiscard]] Endpoint endpoint() const { return socket_.endpoint(); }

    // The next client that has connected, if there is one.
    [[nodiscard]] std::optional<Peer> accept() {
        const int accepted = ::accept(socket_.descriptor(), nullptr, nullptr);
        if (accepted < 0) return std::nullopt;
        return Peer(accepted);
    }

private:
    BoundSocket socket_;
};

// Connects without waiting for it.
inline Peer connect_to(const Endpoint& endpoint) {
    const int family = endpoint.protocol().family();
    const int descriptor = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const auto size = static_cast<socklen_t>(endpoint.size());
    if (::connect(descriptor, endpoint.data(), size) != 0 && errno != EINPROGRESS)
        throw std::runtime_error("nobody listens");
    return Peer(descriptor);
}

// A server whose queue is full: the kernel answers no further client.
class SilentServer {
public:
    SilentServer() {
        ::listen(socket_.descriptor(), 0);
        for (int i = 0; i < 4; ++i) queue_.push_back(connect_to(endpoint()));
    }

    [[nodiscard]] Endpoint endpoint() const { return socket_.endpoint(); }

private:
    BoundSocket socket_;
    std::vector<Peer> queue_;
};

}  // namespace support
