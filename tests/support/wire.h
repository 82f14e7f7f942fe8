#pragma once

// One connection on a loop of its own; the test holds the other end as a plain descriptor.

#include <array>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/io/slab.h"
#include "gateway/io/socket.h"
#include "gateway/io/text_pool.h"
#include "gateway/io/timer_wheel.h"

namespace support {

// A descriptor that is closed with this object.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;

    [[nodiscard]] int number() const { return number_; }
    void close() {
        if (number_ >= 0) ::close(std::exchange(number_, -1));
    }

    void send(std::string_view bytes) const {
        if (::send(number_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) !=
            static_cast<ssize_t>(bytes.size()))
            throw std::runtime_error("the peer cannot send");
    }

    // What is there, up to `most` bytes, without waiting.
    [[nodiscard]] std::string take(std::size_t most = std::size_t{1} << 20) const {
        std::string bytes(most, '\0');
        const auto got = ::recv(number_, bytes.data(), bytes.size(), MSG_DONTWAIT);
        bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return bytes;
    }

private:
    int number_;
};

// Two connected descriptors.
inline std::pair<Descriptor, Descriptor> make_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0)
        throw std::runtime_error("no socket pair");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

class Wire {
public:
    boost::asio::io_context loop{1};
    gateway::TimerWheel wheel{loop};
    gateway::SlabPool slabs;
    gateway::TextPool texts;
    Descriptor peer{-1};

    // The gateway's end; `peer` is the other one.
    [[nodiscard]] gateway::TcpSocket connect() {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
            throw std::runtime_error("no socket pair");
        std::destroy_at(&peer);
        std::construct_at(&peer, ends[1]);
        gateway::TcpSocket ours(loop);
        ours.assign(boost::asio::ip::tcp::v4(), ends[0]);
        ours.non_blocking(true);
        return ours;
    }

    [[nodiscard]] gateway::Buffers buffers() { return {slabs, texts}; }

    // False when `done` did not come about in time.
    template <class Done>
    [[nodiscard]] bool run_until(Done done) {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!done()) {
            if (std::chrono::steady_clock::now() > give_up) return false;
            loop.restart();
            loop.run_one_for(std::chrono::milliseconds(10));
        }
        return true;
    }

    // Everything that need not wait.
    void settle() {
        loop.restart();
        loop.poll();
    }
};

}  // namespace support
