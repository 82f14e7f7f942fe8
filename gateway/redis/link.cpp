#include "gateway/redis/link.h"

#include <algorithm>
#include <array>
#include <coroutine>
#include <utility>

#include <boost/asio/post.hpp>

#include "gateway/io/completion.h"

namespace gateway::redis {
namespace {

using boost::system::error_code;
using policy::Reason;

constexpr std::size_t kMostWaiting = 20'000;
constexpr std::size_t kMostSometime = 1000;
constexpr policy::Duration kLinger{50};
constexpr policy::Duration kFirstPause{20};
constexpr unsigned kMostDoublings = 6;              // 1.28 s.
constexpr policy::Duration kMostForGreeting{5000};  // There may be a lot to tell again.

}  // namespace

// One who waits for an answer.
class Link::Asking {
public:
    explicit Asking(policy::Result<Reply>& result) : result_(result) {}
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;

    [[nodiscard]] bool await_ready() const { return is_done_; }
    void await_suspend(std::coroutine_handle<> awaiting) { awaiting_ = awaiting; }
    void await_resume() const {}

    void finish(policy::Result<Reply> result) {
        result_ = std::move(result);
        is_done_ = true;
        if (awaiting_) awaiting_.resume();
    }

private:
    policy::Result<Reply>& result_;
    std::coroutine_handle<> awaiting_;
    bool is_done_ = false;
};

Link::Link(boost::asio::io_context& loop, const Dialling& dialling, Locate locate, Role role)
    : loop_(loop),
      dialling_(dialling),
      locate_(std::move(locate)),
      role_(role),
      watch_(loop),
      pause_(loop),
      linger_(loop) {}

void Link::start() {
    if (is_running_ || is_stopped_) return;
    is_running_ = true;
    state_ = State::Opening;
    session::spawn(run());
}

void Link::stop() {
    if (std::exchange(is_stopped_, true)) return;
    state_ = State::Down;
    if (wire_) wire_->close("is not used any more");
    pause_.cancel();
    linger_.cancel();
    watch_.cancel();
}

Task<policy::Result<Reply>> Link::ask(std::string command, SteadyTime deadline) {
    if (state_ == State::Down) co_return tl::unexpected(why_);
    if (waiting_.size() >= kMostWaiting)
        co_return policy::fail(Reason::StoreUnavailable,
                               "redis " + peer_.text() + ": too many wait for it");
    policy::Result<Reply> result = Reply{};
    Asking asking(result);
    enqueue(command, {&asking, deadline});
    co_await asking;
    co_return result;
}

Task<policy::Result<Reply>> Link::ask_both(std::string command, std::string next,
                                           SteadyTime deadline) {
    if (state_ == State::Down) co_return tl::unexpected(why_);
    enqueue(command, {nullptr, deadline});
    co_return co_await ask(std::move(next), deadline);
}

void Link::enqueue(std::string_view command, Waiting waiting) {
    const auto deadline = std::chrono::steady_clock::now() + dialling_.settings.timeout;
    for (auto& each : std::exchange(sometime_, {})) {
        unsent_ += each;
        waiting_.push_back({nullptr, deadline});
    }
    unsent_ += command;
    waiting_.push_back(waiting);
    watch(waiting.deadline);
    flush_soon();
}

void Link::ask_sometime(std::string command) {
    if (state_ == State::Down || sometime_.size() >= kMostSometime) return;
    sometime_.push_back(std::move(command));
    if (sometime_.size() > 1) return;
    linger_.expires_after(kLinger);
    linger_.async_wait([this](const error_code& cancelled) {
        if (cancelled || sometime_.empty() || state_ == State::Down) return;
        auto last = std::move(sometime_.back());
        sometime_.pop_back();
        enqueue(last, {nullptr, std::chrono::steady_clock::now() + dialling_.settings.timeout});
    });
}

void Link::flush_soon() {
    if (state_ != State::Ready || is_sending_ || std::exchange(is_flush_posted_, true)) return;
    boost::asio::post(loop_, [this] {
        is_flush_posted_ = false;
        flush();
    });
}

void Link::flush() {
    if (state_ != State::Ready || is_sending_ || unsent_.empty()) return;
    is_sending_ = true;
    session::spawn(send(wire_));
}

// What fails here fails there as well, where answers are read.
Task<void> Link::send(std::shared_ptr<Wire> wire) {
    while (wire == wire_ && !unsent_.empty()) {
        const auto bytes = std::exchange(unsent_, {});
        const auto written = co_await wire->write(bytes);
        if (written) continue;
        wire->close("cannot be written to");
        break;
    }
    is_sending_ = false;
    if (wire != wire_) flush();
}

Task<void> Link::run() {
    while (!is_stopped_) {
        const auto wire = std::make_shared<Wire>(loop_, dialling_.tls.get());
        wire_ = wire;
        is_late_ = has_answered_ = false;
        auto begun = co_await begin(*wire);
        if (!begun) {
            why_ = std::move(begun.error());
        } else if (!is_stopped_) {
            state_ = State::Ready;
            is_late_ = false;
            flush();
            auto why = co_await receive(*wire);
            if (!is_late_) why_ = std::move(why);
        }
        failures_ = has_answered_ ? 0 : failures_ + 1;
        wire->close("is not used any more");
        wire_ = nullptr;
        // Whoever is idle may be hung up on: that says nothing of the next connection.
        const bool is_well = has_answered_ && !is_late_ && waiting_.empty() && !is_stopped_;
        state_ = is_well ? State::Opening : State::Down;
        fail_all();
        if (failures_ > 0 && !is_stopped_) co_await pause();
    }
    is_running_ = false;
}

Task<policy::Result<void>> Link::begin(Wire& wire) {
    auto address = co_await locate_();
    if (!address) co_return tl::unexpected(address.error());
    peer_ = std::move(*address);
    wire.limit(dialling_.settings.timeout);
    const auto opened = co_await wire.open(peer_);
    if (!opened) co_return opened;
    wire.limit(std::max(dialling_.settings.timeout, kMostForGreeting));
    auto again = dialling_.first ? dialling_.first() : std::vector<std::string>();
    const auto greeted = co_await greet(wire, dialling_.settings, role_, std::move(again));
    wire.unlimit();
    co_return greeted;
}

// Until the connection is of no use any more; returns why.
Task<policy::Error> Link::receive(Wire& wire) {
    for (;;) {
        auto reply = co_await wire.read();
        if (!reply) co_return std::move(reply.error());
        if (waiting_.empty())
            co_return policy::Error{Reason::StoreUnavailable,
                                    "redis " + peer_.text() + ": answers what nobody asked"};
        // It was the primary, or is not ready yet: there is another one, or will be.
        const bool is_useless = reply->is_error("READONLY") || reply->is_error("LOADING") ||
                                reply->is_error("MASTERDOWN");
        auto text = is_useless ? reply->text : std::string();
        answer(std::move(*reply));
        if (is_useless)
            co_return policy::Error{Reason::StoreUnavailable,
                                    "redis " + peer_.text() + ": " + std::move(text)};
    }
}

void Link::answer(Reply reply) {
    auto* const asking = waiting_.front().asking;
    waiting_.pop_front();
    has_answered_ = true;
    if (asking) asking->finish(std::move(reply));
}

// Who is woken may ask again.
void Link::fail_all() {
    unsent_.clear();
    sometime_.clear();
    const auto waiting = std::exchange(waiting_, {});
    for (const auto& each : waiting) {
        if (each.asking) each.asking->finish(tl::unexpected(why_));
    }
}

// Half of it by chance, so that not everybody comes back at the same moment.
Task<void> Link::pause() {
    std::array<std::uint8_t, 1> byte{};
    const bool is_random = dialling_.random.fill(byte).has_value();
    const auto whole = kFirstPause * (1U << std::min(failures_ - 1, kMostDoublings));
    pause_.expires_after(whole / 2 + whole * (is_random ? byte[0] : 255) / 510);
    co_await completion([&](auto done) { pause_.async_wait(done); });
}

void Link::watch(SteadyTime deadline) {
    if (deadline >= watched_) return;
    watched_ = deadline;
    watch_.expires_at(deadline);
    watch_.async_wait([this, mine = ++watches_](const error_code& cancelled) {
        if (cancelled || mine != watches_) return;
        watched_ = SteadyTime::max();
        check_deadlines();
    });
}

// One answer that is late means that all after it are: the connection is given up.
void Link::check_deadlines() {
    const auto first = std::min_element(
        waiting_.begin(), waiting_.end(),
        [](const Waiting& one, const Waiting& other) { return one.deadline < other.deadline; });
    if (first == waiting_.end()) return;
    if (first->deadline > std::chrono::steady_clock::now()) return watch(first->deadline);
    is_late_ = true;
    const bool was_ready = std::exchange(state_, State::Down) == State::Ready;
    if (was_ready && wire_) wire_->close("no answer in time");
    why_.context = "redis " + peer_.text() + ": no answer in time";
    fail_all();
}

}  // namespace gateway::redis
