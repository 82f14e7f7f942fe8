#include "gateway/io/stream.h"

#include <cerrno>
#include <optional>

#include <sys/socket.h>

namespace gateway {
namespace {

using Kind = Stream::Progress::Kind;

}  // namespace

Stream::Progress Stream::try_read(std::span<char> into) {
    // Reading into no space looks like the end of the stream, and is a mistake of ours.
    if (!socket_.is_open() || into.empty()) return {Kind::Failed, 0};
    const auto progress = read_some(into);
    socket_.spend(progress.bytes);
    return progress;
}

Stream::Progress Stream::try_write(std::string_view bytes) {
    if (!socket_.is_open()) return {Kind::Failed, 0};
    const auto progress = write_some(bytes);
    socket_.spend(progress.bytes);
    return progress;
}

void Stream::end_writing() {
    if (socket_.is_open()) say_end();
}

Socket::Waiting Stream::wait_for(Progress progress, const Deadline& deadline) {
    const auto direction = progress.kind == Kind::WantRead ? Direction::Read : Direction::Write;
    return socket_.wait(direction, deadline.left());
}

tl::unexpected<policy::Error> Stream::failure(Wake wake) {
    return policy::fail(wake == Wake::TimedOut ? policy::Reason::Timeout
                                               : policy::Reason::ClientClosed);
}

Task<policy::Result<std::size_t>> Stream::read(std::span<char> into, policy::Duration timeout) {
    std::optional<Deadline> deadline;
    for (;;) {
        const auto progress = is_surely_dry() ? Progress{Kind::WantRead, 0} : try_read(into);
        if (progress.kind == Kind::Done) {
            co_await socket_.give_way();
            co_return progress.bytes;
        }
        if (progress.kind == Kind::End) co_return std::size_t{0};
        if (!must_wait(progress)) co_return failure(Wake::Closed);
        if (!deadline) deadline.emplace(timeout);
        const auto wake = co_await wait_for(progress, *deadline);
        if (wake != Wake::Ready) co_return failure(wake);
    }
}

Task<policy::Result<void>> Stream::write(std::string_view bytes, policy::Duration timeout) {
    std::optional<Deadline> deadline;
    while (!bytes.empty()) {
        const auto progress = try_write(bytes);
        if (progress.kind == Kind::Done) {
            bytes.remove_prefix(progress.bytes);
            deadline.reset();
            co_await socket_.give_way();
            continue;
        }
        if (!must_wait(progress)) co_return failure(Wake::Closed);
        if (!deadline) deadline.emplace(timeout);
        const auto wake = co_await wait_for(progress, *deadline);
        if (wake != Wake::Ready) co_return failure(wake);
    }
    co_return policy::ok();
}

Stream::Progress PlainStream::read_some(std::span<char> into) {
    const auto got = ::recv(socket().descriptor(), into.data(), into.size(), 0);
    if (got > 0) return {Kind::Done, static_cast<std::size_t>(got)};
    if (got == 0) return {Kind::End, 0};
    const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return {later ? Kind::WantRead : Kind::Failed, 0};
}

Stream::Progress PlainStream::write_some(std::string_view bytes) {
    const auto sent = ::send(socket().descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) return {Kind::Done, static_cast<std::size_t>(sent)};
    const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return {later ? Kind::WantWrite : Kind::Failed, 0};
}

}  // namespace gateway
