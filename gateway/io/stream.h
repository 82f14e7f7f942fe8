#pragma once

// Stream: bytes to and from a peer, with or without TLS. The try_ calls never wait, so that the
// usual case costs one system call and no coroutine; who has to wait does so on the socket.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "gateway/io/deadline.h"
#include "gateway/io/socket.h"
#include "policy/base/result.h"
#include "session/task.h"

namespace gateway {

using session::Task;

class Stream {
public:
    struct Progress {
        enum class Kind : std::uint8_t {
            Done,       // `bytes` were moved, at least one.
            WantRead,   // Wait until the socket is readable, then call again.
            WantWrite,  // Likewise writable.
            End,        // The peer has said that nothing more will come; reading only.
            Failed,     // The connection is broken.
        };
        Kind kind = Kind::Failed;
        std::size_t bytes = 0;
    };

    explicit Stream(TcpSocket socket, TimerWheel& wheel) : socket_(std::move(socket), wheel) {}
    virtual ~Stream() = default;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    // Failed once the stream is closed: the descriptor's number may be somebody else's by then.
    [[nodiscard]] Progress try_read(std::span<char> into);
    [[nodiscard]] Progress try_write(std::string_view bytes);

    // Reading would have to wait for certain, so that trying to is a wasted system call.
    [[nodiscard]] bool is_surely_dry() const {
        return socket_.is_parked(Direction::Read) && !has_buffered();
    }

    // Tells the peer that nothing more will come (for TLS by close_notify), as far as that goes
    // without waiting. Left out where an answer was cut off, so that it looks cut off.
    void end_writing();

    // Reads at least one byte; 0 is the orderly end. `timeout` is for the whole call: records that
    // carry nothing do not stretch it. Errors: Timeout, ClientClosed (broken, or closed on this
    // side).
    [[nodiscard]] Task<policy::Result<std::size_t>> read(std::span<char> into,
                                                         policy::Duration timeout);

    // Writes everything; `timeout` is for each time that nothing moves. Errors as above.
    [[nodiscard]] Task<policy::Result<void>> write(std::string_view bytes,
                                                   policy::Duration timeout);

    [[nodiscard]] Socket& socket() { return socket_; }
    void close() { socket_.close(); }

    // For who uses the try_ calls: whether `progress` asks to wait, and the wait it asks for. Any
    // Wake but Ready is one of the errors above.
    [[nodiscard]] static bool must_wait(Progress progress) {
        return progress.kind == Progress::Kind::WantRead ||
               progress.kind == Progress::Kind::WantWrite;
    }
    [[nodiscard]] Socket::Waiting wait_for(Progress progress, const Deadline& deadline);
    [[nodiscard]] static tl::unexpected<policy::Error> failure(Wake wake);

private:
    // What try_read(), try_write() and end_writing() do while the descriptor is ours.
    [[nodiscard]] virtual Progress read_some(std::span<char> into) = 0;
    [[nodiscard]] virtual Progress write_some(std::string_view bytes) = 0;
    virtual void say_end() = 0;

    // Whether bytes that were received already wait above the socket.
    [[nodiscard]] virtual bool has_buffered() const { return false; }

    Socket socket_;
};

// Plain TCP.
class PlainStream final : public Stream {
public:
    using Stream::Stream;

private:
    [[nodiscard]] Progress read_some(std::span<char> into) override;
    [[nodiscard]] Progress write_some(std::string_view bytes) override;
    void say_end() override { socket().shutdown_write(); }
};

}  // namespace gateway
