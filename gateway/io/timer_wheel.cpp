#include "gateway/io/timer_wheel.h"

#include <algorithm>

#include "gateway/io/coarse_clock.h"

namespace gateway {

void TimerWheel::Node::unlink() {
    if (!next_) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    previous_ = next_ = nullptr;
}

TimerWheel::TimerWheel(boost::asio::io_context& loop)
    : timer_(loop), start_(std::chrono::steady_clock::now()) {
    for (auto& head : slots_) head.previous_ = head.next_ = &head;
}

void TimerWheel::link(Node& head, Node& node) {
    node.previous_ = head.previous_;
    node.next_ = &head;
    head.previous_->next_ = &node;
    head.previous_ = &node;
}

std::uint64_t TimerWheel::tick_at(std::chrono::steady_clock::time_point now) const {
    return now < start_ ? 0 : static_cast<std::uint64_t>((now - start_) / kTick);
}

// While the loop is busy or hangs, the wheel does not turn; the time passes all the same.
std::uint64_t TimerWheel::tick_to_count_from() const {
    return std::max(current_, tick_at(CoarseClock::now()));
}

void TimerWheel::arm(Node& node, policy::Duration timeout) {
    node.unlink();
    if (!running_) {
        // While nobody waited, nobody counted. Slots passed over are empty.
        current_ = tick_at(std::chrono::steady_clock::now());
        schedule();
    }
    const auto ticks = hurried_ ? 0 : (timeout + kTick - policy::Duration{1}) / kTick;
    node.tick_ = tick_to_count_from() + static_cast<std::uint64_t>(ticks) + 1;
    link(slots_[node.tick_ % kSlots], node);
}

void TimerWheel::hurry() {
    hurried_ = true;
    const auto next = tick_to_count_from() + 1;
    auto& due = slots_[next % kSlots];
    for (auto& head : slots_) {
        for (Node* node = head.next_; node != &head; node = head.next_) {
            if (&head == &due) break;
            node->unlink();
            link(due, *node);
        }
    }
    for (Node* node = due.next_; node != &due; node = node->next_) node->tick_ = next;
}

void TimerWheel::stop() {
    stopped_ = true;
    timer_.cancel();
}

void TimerWheel::schedule() {
    if (stopped_) return;
    timer_.expires_at(start_ + (current_ + 1) * kTick);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) advance();
    });
    running_ = true;
}

void TimerWheel::advance() {
    // Bounded by one turn of the wheel: after a long stall each slot is looked at once.
    const auto now = tick_at(std::chrono::steady_clock::now());
    if (now > current_ + kSlots) current_ = now - kSlots;
    while (current_ < now) expire_slot(++current_ % kSlots);

    running_ = false;
    for (const auto& head : slots_) {
        if (head.next_ != &head) return schedule();
    }
}

void TimerWheel::expire_slot(std::size_t slot) {
    // Moved to a list of its own first, because on_deadline() may arm and unlink other nodes.
    Sentinel due;
    due.previous_ = due.next_ = &due;
    auto& head = slots_[slot];
    while (head.next_ != &head) {
        Node& node = *head.next_;
        node.unlink();
        link(due, node);
    }
    while (due.next_ != &due) {
        Node& node = *due.next_;
        node.unlink();
        if (node.tick_ > current_ && !hurried_) {
            link(head, node);  // Of a later turn of the wheel.
        } else {
            node.on_deadline();
        }
    }
    due.next_ = due.previous_ = nullptr;
}

}  // namespace gateway
