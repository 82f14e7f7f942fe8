#include "gateway/io/http1_client.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "policy/base/text.h"

namespace gateway {
namespace {

using policy::Reason;
using Kind = policy::Framing::Kind;

// One TLS record, and what is written in one go.
constexpr std::size_t kRecord = std::size_t{16} * 1024;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

tl::unexpected<policy::Error> body_error(const policy::Error& error) {
    return policy::fail(error.reason == Reason::Timeout ? Reason::BodyTimeout : error.reason,
                        error.context);
}

bool wants_close(const policy::RequestHead& head) {
    if (head.fields.lists("Connection", "close")) return true;
    return head.version == policy::Version::Http10 &&
           !head.fields.lists("Connection", "keep-alive");
}

}  // namespace

Http1Client::Http1Client(Stream& stream, Buffers buffers, const ClientLimits& limits,
                         const policy::IpAddress& address)
    : stream_(stream),
      buffers_(buffers),
      limits_(limits),
      address_(address),
      input_(buffers.slabs) {}

Http1Client::~Http1Client() {
    buffers_.texts.give_back(std::move(output_));
}

void Http1Client::begin_request() {
    watch({});
    input_.forget_head();
    input_.compact(0);
    input_.rest();
    body_start_ = 0;
    // The answer to what cannot even be read must not be made for the request before.
    head_.method = policy::Method::Get;
    head_.version = policy::Version::Http11;
    head_.target = {};
    head_.fields.clear();
    framing_ = {};
    head_written_ = false;
    sent_ = 0;
    buffers_.texts.give_back(std::exchange(output_, {}));
}

Task<policy::Result<bool>> Http1Client::read_head() {
    begin_request();
    std::optional<Deadline> deadline;
    for (;;) {
        const auto parsed = parse_head();
        if (!parsed || *parsed) co_return parsed;
        const auto more = co_await fill_head(deadline);
        if (!more || !*more) co_return more;
    }
}

policy::Result<bool> Http1Client::parse_head() {
    if (input_.unread().empty()) return false;
    head_.fields.clear();
    const auto size = policy::read_request_head(input_.unread(), limits_.head, head_);
    if (!size) {
        closing_ = true;
        return tl::unexpected(size.error());
    }
    if (*size == 0) return false;
    input_.use(*size);
    body_start_ = input_.position();
    const auto accepted = accept_head();
    if (!accepted) {
        closing_ = true;
        return tl::unexpected(accepted.error());
    }
    return true;
}

policy::Result<void> Http1Client::accept_head() {
    const auto framing = policy::request_framing(head_);
    if (!framing) return tl::unexpected(framing.error());
    framing_ = *framing;
    body_ = BodyReader(framing_);
    first_request_ = false;
    closing_ = closing_ || wants_close(head_);

    const auto* expect = head_.fields.find("Expect");
    expects_continue_ = expect && head_.version == policy::Version::Http11;
    if (expect && !policy::equals_ignoring_case(expect->value, "100-continue"))
        return policy::fail(Reason::BadExpectation);
    return policy::ok();
}

Deadline Http1Client::idle_deadline() const {
    return Deadline(first_request_ ? limits_.head_timeout : limits_.keep_alive_timeout);
}

// The clock for the head starts with its first byte, so that a client cannot stretch it by sending
// one byte at a time.
Task<policy::Result<bool>> Http1Client::fill_head(std::optional<Deadline>& deadline) {
    idle_ = input_.unread().empty();
    if (idle_ && closing_) co_return false;
    if (!idle_ && !deadline) deadline.emplace(limits_.head_timeout);
    const auto got = co_await receive(idle_ ? idle_deadline() : *deadline);
    if (got && *got > 0) {
        idle_ = false;
        co_return true;
    }
    if (idle_) co_return false;
    if (got || got.error().reason != Reason::Timeout) co_return policy::fail(Reason::ClientClosed);
    closing_ = true;
    co_return policy::fail(Reason::HeadTimeout);
}

// Takes in what comes, 0 bytes at the end; holds no slab while it waits and nothing is unread.
// Errors: Timeout, ClientClosed.
Task<policy::Result<std::size_t>> Http1Client::receive(Deadline deadline) {
    for (;;) {
        const auto progress = stream_.is_surely_dry()
                                  ? Stream::Progress{Stream::Progress::Kind::WantRead, 0}
                                  : stream_.try_read(input_.space());
        if (progress.kind == Stream::Progress::Kind::Done) {
            input_.added(progress.bytes);
            co_await stream_.socket().give_way();
            co_return progress.bytes;
        }
        if (progress.kind == Stream::Progress::Kind::End) co_return std::size_t{0};
        if (!Stream::must_wait(progress)) co_return Stream::failure(Wake::Closed);
        input_.rest();
        const auto wake = co_await stream_.wait_for(progress, deadline);
        if (wake != Wake::Ready) co_return Stream::failure(wake);
    }
}

bool Http1Client::body_is_here() const {
    return body_.is_covered_by(input_.unread().size());
}

Task<policy::Result<std::string_view>> Http1Client::read_body() {
    while (!body_.is_finished()) {
        if (abandoned_) co_return policy::fail(Reason::ClientClosed);
        const auto piece = body_.take(input_.unread());
        if (!piece) {
            closing_ = true;
            co_return tl::unexpected(piece.error());
        }
        input_.use(piece->consumed);
        if (!piece->data.empty()) co_return piece->data;
        if (piece->consumed > 0) continue;
        const auto filled = co_await fill_body();
        if (!filled) co_return tl::unexpected(filled.error());
    }
    co_return std::string_view{};
}

Task<policy::Result<void>> Http1Client::fill_body() {
    if (std::exchange(expects_continue_, false)) {
        const auto told = co_await say_continue();
        if (!told) co_return told;
    }
    body_start_ = input_.make_room(body_start_);
    const auto got = co_await stream_.read(input_.space(), limits_.body_timeout);
    if (!got) co_return broken(got.error());
    input_.added(*got);
    if (*got > 0) co_return policy::ok();
    closing_ = true;
    co_return body_.end_of_input();
}

// Pointless, and too late, once the answer has begun.
Task<policy::Result<void>> Http1Client::say_continue() {
    if (head_written_) co_return policy::ok();
    if (TextPool::is_unused(output_)) output_ = buffers_.texts.take();
    output_.append(kContinue);
    co_return co_await push(Speaker::Upload);
}

void Http1Client::abandon_body() {
    if (body_.is_finished()) return;
    abandoned_ = closing_ = true;
    stream_.socket().wake(Direction::Read);
    stream_.socket().wake(Direction::Write);
}

Persistence Http1Client::persistence() const {
    if (closing_) return Persistence::Close;
    return head_.version == policy::Version::Http10 ? Persistence::KeepAlive : Persistence::Default;
}

Task<policy::Result<void>> Http1Client::write_interim(int status, const policy::FieldList& fields) {
    if (head_.version == policy::Version::Http10) co_return policy::ok();
    append_response_head(output_, status, fields, {}, Persistence::Default);
    co_return co_await flush();
}

void Http1Client::write_head(int status, const policy::FieldList& fields,
                             const policy::Framing& framing) {
    auto sent = framing;
    const bool streamed = framing.kind == Kind::Chunked || framing.kind == Kind::UntilClose;
    chunked_output_ = streamed && head_.version == policy::Version::Http11;
    if (chunked_output_) {
        sent.kind = Kind::Chunked;
    } else if (streamed) {
        // An HTTP/1.0 client finds the end of such a body by the end of the connection.
        closing_ = true;
        sent.kind = Kind::None;
    }
    head_written_ = true;
    if (TextPool::is_unused(output_)) output_ = buffers_.texts.take();
    // A body that nobody will read must not be taken for the next request (RFC 9112 §9.3).
    if (!body_.is_finished() && expects_continue_) closing_ = true;
    append_response_head(output_, status, fields, sent, persistence());
}

Task<policy::Result<void>> Http1Client::write_body(std::string_view bytes) {
    if (bytes.empty()) co_return policy::ok();  // An empty chunk would end the body.
    if (chunked_output_) append_chunk_size(output_, bytes.size());
    if (!output_.empty()) {
        // What is pending and the beginning of this leave in one record.
        const auto fits = std::min(bytes.size(), kRecord - std::min(kRecord, output_.size()));
        output_.append(bytes.substr(0, fits));
        bytes.remove_prefix(fits);
    } else if (bytes.size() < kRecord) {
        if (TextPool::is_unused(output_)) output_ = buffers_.texts.take();
        output_.append(bytes);
        bytes = {};
    }
    if (!bytes.empty()) {
        const auto flushed = co_await flush();
        if (!flushed) co_return flushed;
        const auto sent = co_await send(bytes);
        if (!sent) co_return sent;
    }
    if (chunked_output_) output_.append("\r\n");
    co_return policy::ok();
}

Task<policy::Result<void>> Http1Client::flush() {
    return push(Speaker::Answer);
}

// The upload has nothing to say any more when the answer has begun or nobody wants the body: what
// it left unsent leaves with the answer.
bool Http1Client::has_to_push(Speaker speaker) const {
    if (sent_ == output_.size()) return false;
    return speaker == Speaker::Answer || (!head_written_ && !abandoned_);
}

// Sends what is pending. Both speakers may be in here, one waiting: they share the bytes and the
// count of those that left, and hold no view of them while they wait.
Task<policy::Result<void>> Http1Client::push(Speaker speaker) {
    std::optional<Deadline> deadline;
    while (has_to_push(speaker)) {
        const auto progress = stream_.try_write(std::string_view(output_).substr(sent_));
        if (progress.kind == Stream::Progress::Kind::Done) {
            sent_ += progress.bytes;
            deadline.reset();
            co_await stream_.socket().give_way();
            continue;
        }
        if (!Stream::must_wait(progress)) co_return broken(Stream::failure(Wake::Closed).value());
        if (!deadline) deadline.emplace(limits_.body_timeout);
        const auto wake = co_await stream_.wait_for(progress, *deadline);
        if (wake != Wake::Ready) co_return broken(Stream::failure(wake).value());
    }
    if (sent_ == output_.size()) {
        output_.clear();
        sent_ = 0;
    }
    co_return policy::ok();
}

tl::unexpected<policy::Error> Http1Client::broken(const policy::Error& error) {
    closing_ = true;
    return body_error(error);
}

Task<policy::Result<void>> Http1Client::finish() {
    if (std::exchange(chunked_output_, false)) output_.append(kLastChunk);
    co_return co_await flush();
}

Task<policy::Result<void>> Http1Client::send(std::string_view bytes) {
    const auto sent = co_await stream_.write(bytes, limits_.body_timeout);
    if (sent) co_return sent;
    co_return broken(sent.error());
}

void Http1Client::watch(std::function<void()> gone) {
    watch_.leave();
    watch_.gone = std::move(gone);
    if (watch_.gone) stream_.socket().notify(Direction::Read, watch_);
}

void Http1Client::watch_upload(std::function<void()> gone) {
    breakage_.leave();
    breakage_.gone = std::move(gone);
    if (breakage_.gone) stream_.socket().notify(Direction::Error, breakage_);
}

void Http1Client::look(Wake wake) {
    bool stays = false;
    try {
        stays = wake == Wake::Ready && sees_client();
    } catch (const std::exception&) {
        // Out of memory: nobody could tell later that it has left.
    }
    if (stays) return;
    closing_ = true;
    std::exchange(watch_.gone, {})();
}

// Takes in what the client pipelines and goes on watching; false when it has left.
bool Http1Client::sees_client() {
    body_start_ = input_.make_room(body_start_);
    const auto space = input_.space();
    if (space.empty()) return true;  // Enough pipelined: look again when it was answered.
    const auto progress = stream_.try_read(space);
    if (progress.kind != Stream::Progress::Kind::Done && !Stream::must_wait(progress)) return false;
    input_.added(progress.bytes);
    stream_.socket().notify(Direction::Read, watch_);
    return true;
}

void Http1Client::close_soon() {
    closing_ = true;
    if (idle_) stream_.socket().wake(Direction::Read);
}

Task<void> Http1Client::linger() {
    constexpr std::size_t kMost = std::size_t{1024} * 1024;
    watch({});
    const Deadline deadline(std::chrono::seconds(2));
    for (std::size_t dropped = 0; dropped < kMost;) {
        input_.use(input_.unread().size());
        input_.rest();
        const auto got = co_await receive(deadline);
        if (!got || *got == 0) co_return;
        dropped += *got;
    }
}

}  // namespace gateway
