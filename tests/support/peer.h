#pragma once

// The other end of a connection, as a test holds it. No call waits.

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/io/socket.h"
#include "tests/support/loop.h"

namespace support {

class Peer {
public:
    explicit Peer(int descriptor) : descriptor_(descriptor) {
        ::fcntl(descriptor_, F_SETFL, O_NONBLOCK);
    }
    ~Peer() { close(); }
    Peer(Peer&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)),
          has_ended_(other.has_ended_),
          arrived_(std::move(other.arrived_)) {}
    Peer& operator=(Peer&&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }

    // Returns how much of `bytes` the kernel took.
    std::size_t try_send(std::string_view bytes) {
        const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        return sent < 0 ? 0 : static_cast<std::size_t>(sent);
    }

    void send(std::string_view bytes) {
        if (try_send(bytes) != bytes.size()) throw std::runtime_error("the peer cannot send");
    }

    // What has arrived and was not taken before.
    [[nodiscard]] std::string take() {
        collect();
        return std::exchange(arrived_, {});
    }

    // Nothing more will arrive.
    [[nodiscard]] bool has_ended() {
        collect();
        return has_ended_;
    }

    void end_writing() { ::shutdown(descriptor_, SHUT_WR); }

    // With unread bytes this is a reset for the other side.
    void close() {
        if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    }

private:
    void collect() {
        std::array<char, 16384> part;
        for (;;) {
            const auto got = ::recv(descriptor_, part.data(), part.size(), 0);
            if (got == 0 || (got < 0 && errno != EAGAIN)) has_ended_ = true;
            if (got <= 0) return;
            arrived_.append(part.data(), static_cast<std::size_t>(got));
        }
    }

    int descriptor_;
    bool has_ended_ = false;
    std::string arrived_;
};

// Both ends of a connection.
struct Ends {
    gateway::TcpSocket ours;
    Peer theirs;
};

inline void limit_buffers(int descriptor, int bytes) {
    ::setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

inline Ends make_ends(Loop& loop) {
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
        throw std::runtime_error("no socket pair");
    gateway::TcpSocket ours(loop.context);
    ours.assign(boost::asio::ip::tcp::v4(), pair[0]);
    ours.non_blocking(true);
    return {std::move(ours), Peer(pair[1])};
}

}  // namespace support
