#include "gateway/io/tls_stream.h"

#include <new>

#include <openssl/err.h>

namespace gateway {

using Kind = Stream::Progress::Kind;

namespace {

// SSL_get_error() believes whatever waits in the thread's queue, so it must be empty before each
// call. It nearly always is, and looking costs a third of clearing.
void forget_errors() {
    if (ERR_peek_error() != 0) ERR_clear_error();
}

}  // namespace

TlsStream::TlsStream(TcpSocket socket, TimerWheel& wheel, SSL_CTX& context)
    : Stream(std::move(socket), wheel), ssl_(SSL_new(&context)) {
    if (!ssl_ || SSL_set_fd(ssl_.get(), this->socket().descriptor()) != 1) throw std::bad_alloc();
    SSL_set_accept_state(ssl_.get());
}

Task<policy::Result<void>> TlsStream::handshake(policy::Duration timeout) {
    const Deadline deadline(timeout);
    for (;;) {
        const auto progress = shake_hands();
        if (progress.kind == Kind::Done) co_return policy::ok();
        if (!must_wait(progress)) co_return failure(Wake::Closed);
        const auto wake = co_await wait_for(progress, deadline);
        if (wake != Wake::Ready) co_return failure(wake);
    }
}

Stream::Progress TlsStream::shake_hands() {
    if (!socket().is_open()) return {Kind::Failed, 0};
    forget_errors();
    const int result = SSL_do_handshake(ssl_.get());
    return result == 1 ? Progress{Kind::Done, 0} : progress_of(result);
}

Stream::Progress TlsStream::read_some(std::span<char> into) {
    forget_errors();
    std::size_t bytes = 0;
    const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
    return result == 1 ? Progress{Kind::Done, bytes} : progress_of(result);
}

Stream::Progress TlsStream::write_some(std::string_view bytes) {
    forget_errors();
    std::size_t written = 0;
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written);
    return result == 1 ? Progress{Kind::Done, written} : progress_of(result);
}

void TlsStream::say_end() {
    // One call sends our close_notify; whether the peer answers does not matter to us.
    if (SSL_is_init_finished(ssl_.get())) {
        forget_errors();
        SSL_shutdown(ssl_.get());
    }
    socket().shutdown_write();
}

Stream::Progress TlsStream::progress_of(int result) const {
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            return {Kind::WantRead, 0};
        case SSL_ERROR_WANT_WRITE:
            return {Kind::WantWrite, 0};
        case SSL_ERROR_ZERO_RETURN:
            return {Kind::End, 0};
        default:
            return {Kind::Failed, 0};
    }
}

}  // namespace gateway
