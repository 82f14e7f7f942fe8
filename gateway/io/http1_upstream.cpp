#include "gateway/io/http1_upstream.h"

#include <sys/socket.h>

#include "gateway/io/http1_writer.h"

namespace gateway {
namespace {

using policy::Reason;
using Kind = policy::Framing::Kind;

constexpr policy::HeadLimits kResponseLimits{
    .target = 0, .line = std::size_t{16} * 1024, .total = Slab::kBytes - 1, .fields = 200};
constexpr int kMostInterims = 16;

tl::unexpected<policy::Error> backend_error(const policy::Error& error) {
    return policy::fail(
        error.reason == Reason::Timeout ? Reason::BackendTimeout : Reason::BackendClosed,
        error.context);
}

tl::unexpected<policy::Error> malformed(std::string what) {
    return policy::fail(Reason::BackendMalformed, std::move(what));
}

}  // namespace

Http1Upstream::Http1Upstream(std::unique_ptr<Stream> stream, Buffers buffers,
                             const policy::Backend& backend)
    : stream_(std::move(stream)), buffers_(buffers), backend_(backend), input_(buffers.slabs) {}

Http1Upstream::~Http1Upstream() {
    buffers_.texts.give_back(std::move(output_));
}

Task<policy::Result<void>> Http1Upstream::send(const policy::Permit& permit,
                                               const policy::FieldList& fields,
                                               const policy::Framing& framing,
                                               std::string_view body) {
    method_ = permit.method();
    chunked_request_ = framing.kind == Kind::Chunked;
    request_sent_ = framing.kind == Kind::None ||
                    (framing.kind == Kind::Length && framing.length == body.size());
    head_read_ = received_ = bad_body_ = false;
    body_sent_at_ = {};
    piece_ = {};
    if (TextPool::is_unused(output_)) output_ = buffers_.texts.take();
    append_request_head(output_, method_, permit.target(), fields, framing);
    if (!body.empty() && chunked_request_) append_chunk(output_, body);
    if (!chunked_request_) output_.append(body);
    const auto written = co_await write(output_);
    output_.clear();
    co_return written;
}

Task<policy::Result<void>> Http1Upstream::send_body(std::string_view bytes) {
    if (!chunked_request_) co_return co_await write(bytes);
    append_chunk(output_, bytes);
    const auto written = co_await write(output_);
    output_.clear();
    co_return written;
}

Task<policy::Result<void>> Http1Upstream::finish_body() {
    request_sent_ = true;
    body_sent_at_ = std::chrono::steady_clock::now();
    if (!chunked_request_) co_return policy::ok();
    co_return co_await write(kLastChunk);
}

Task<policy::Result<void>> Http1Upstream::write(std::string_view bytes) {
    const auto written = co_await stream_->write(bytes, backend_.response_timeout);
    if (written) co_return written;
    broken_ = true;
    co_return backend_error(written.error());
}

Task<policy::Result<const policy::ResponseHead*>> Http1Upstream::read_head(
    const OnInterim& on_interim) {
    for (int interims = 0; interims < kMostInterims; ++interims) {
        const auto read = co_await read_one_head();
        if (!read) co_return tl::unexpected(read.error());
        const auto final = accept_head();
        if (!final) co_return tl::unexpected(final.error());
        if (*final) co_return &head_;
        if (head_.status == 100) continue;  // The client got ours.
        const auto told = co_await on_interim(head_);
        if (!told) co_return tl::unexpected(told.error());
    }
    broken_ = true;
    co_return malformed("endless interim responses");
}

Task<policy::Result<void>> Http1Upstream::read_one_head() {
    input_.compact(0);  // Over an interim head that was passed on.
    for (;;) {
        if (!input_.unread().empty()) {
            head_.fields.clear();
            const auto size = policy::read_response_head(input_.unread(), kResponseLimits, head_);
            if (!size) {
                broken_ = true;
                co_return tl::unexpected(size.error());
            }
            if (*size > 0) {
                input_.use(*size);
                co_return policy::ok();
            }
        }
        const auto filled = co_await fill();
        if (!filled) co_return filled;
    }
}

// False for an interim response.
policy::Result<bool> Http1Upstream::accept_head() {
    body_start_ = input_.position();
    if (head_.status == 101) {
        broken_ = true;
        return malformed("an upgrade that nobody asked for");
    }
    if (head_.status < 200) return false;
    const auto framing = policy::response_framing(head_, method_);
    if (!framing) {
        broken_ = true;
        return tl::unexpected(framing.error());
    }
    framing_ = *framing;
    body_ = BodyReader(framing_);
    head_read_ = true;
    return true;
}

// The backend's time begins when it has the whole request: it may wait for a slow client as long
// as the client is waited for.
policy::Duration Http1Upstream::patience_left() const {
    if (!request_sent_) return backend_.response_timeout;
    const auto spent = std::chrono::steady_clock::now() - body_sent_at_;
    return backend_.response_timeout - std::chrono::floor<policy::Duration>(spent);
}

Task<policy::Result<void>> Http1Upstream::fill() {
    auto patience = backend_.response_timeout;
    auto got = co_await stream_->read(input_.space(), patience);
    while (!got && got.error().reason == Reason::Timeout) {
        patience = patience_left();
        if (patience <= policy::Duration::zero()) break;
        got = co_await stream_->read(input_.space(), patience);
    }
    if (!got) {
        broken_ = true;
        co_return backend_error(got.error());
    }
    input_.added(*got);
    if (*got > 0) {
        received_ = true;
        co_return policy::ok();
    }
    broken_ = true;  // Closed: whatever it meant, there is no next exchange.
    if (head_read_ && body_.end_of_input()) co_return policy::ok();
    co_return policy::fail(Reason::BackendClosed, "closed before the answer was complete");
}

// Takes the next piece out of the input if one is there, past framing that carries no data.
policy::Result<void> Http1Upstream::take_piece() {
    while (!bad_body_ && piece_.empty() && !body_.is_finished() && !input_.unread().empty()) {
        const auto piece = body_.take(input_.unread());
        bad_body_ = !piece;
        if (!piece) break;
        input_.use(piece->consumed);
        piece_ = piece->data;
    }
    if (!bad_body_) return policy::ok();
    broken_ = true;
    return malformed("bad chunk");
}

bool Http1Upstream::body_is_ready() {
    const auto is_ready = [this] {
        return !take_piece() || !piece_.empty() || body_.is_finished();
    };
    if (is_ready()) return true;
    body_start_ = input_.make_room(body_start_);
    const auto progress = stream_->try_read(input_.space());
    if (progress.kind != Stream::Progress::Kind::Done) return false;
    input_.added(progress.bytes);
    return is_ready();
}

Task<policy::Result<std::string_view>> Http1Upstream::read_body() {
    for (;;) {
        const auto taken = take_piece();
        if (!taken) co_return tl::unexpected(taken.error());
        if (!piece_.empty()) co_return std::exchange(piece_, {});
        if (body_.is_finished()) co_return std::string_view{};
        body_start_ = input_.make_room(body_start_);
        const auto filled = co_await fill();
        if (!filled) co_return tl::unexpected(filled.error());
    }
}

void Http1Upstream::abort() {
    broken_ = true;
    stream_->close();
}

bool Http1Upstream::is_reusable() const {
    return !broken_ && request_sent_ && head_read_ && body_.is_finished() &&
           input_.unread().empty() && head_.version == policy::Version::Http11 &&
           !head_.fields.lists("Connection", "close");
}

void Http1Upstream::rest() {
    reused_ = true;
    input_.forget_head();
    input_.rest();
    buffers_.texts.give_back(std::exchange(output_, {}));
}

bool Http1Upstream::is_quiet() {
    char byte;
    return ::recv(socket().descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace gateway
