#pragma once

// Deadlines of one worker. Thousands of waits share one timer: arming and cancelling is a list
// operation, and expiry is exact to a tick. An Asio timer for each wait would cost a thousand
// instructions and system calls.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include "policy/base/time.h"

namespace gateway {

class TimerWheel {
public:
    static constexpr policy::Duration kTick{100};

    // One deadline; a list node. Unlinks itself when destroyed.
    class Node {
    public:
        Node() = default;
        Node(const Node&) = delete;
        Node& operator=(const Node&) = delete;
        virtual ~Node() { unlink(); }

        // Called once, on the worker's loop, when the deadline has passed; the node is unlinked
        // already and may be destroyed by the call.
        virtual void on_deadline() = 0;

        void unlink();
        [[nodiscard]] bool is_armed() const { return next_ != nullptr; }

    private:
        friend class TimerWheel;
        Node* previous_ = nullptr;
        Node* next_ = nullptr;
        std::uint64_t tick_ = 0;  // When it is due.
    };

    explicit TimerWheel(boost::asio::io_context& loop);
    TimerWheel(const TimerWheel&) = delete;
    TimerWheel& operator=(const TimerWheel&) = delete;

    // Calls node.on_deadline() not before `timeout`, and little more than two ticks later.
    void arm(Node& node, policy::Duration timeout);

    // From here on every deadline passes at the next tick, those that are armed later too: for a
    // worker that has waited long enough.
    void hurry();

    // Lets the loop run dry: no timer is pending from here on.
    void stop();

private:
    using SteadyTimer =
        boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                          boost::asio::wait_traits<std::chrono::steady_clock>,
                                          boost::asio::io_context::executor_type>;
    static constexpr std::size_t kSlots = 512;

    struct Sentinel final : Node {
        void on_deadline() override {}
    };

    static void link(Node& head, Node& node);
    [[nodiscard]] std::uint64_t tick_at(std::chrono::steady_clock::time_point now) const;
    [[nodiscard]] std::uint64_t tick_to_count_from() const;
    void schedule();
    void advance();
    void expire_slot(std::size_t slot);

    SteadyTimer timer_;
    std::array<Sentinel, kSlots> slots_;
    std::chrono::steady_clock::time_point start_;
    std::uint64_t current_ = 0;  // The last tick that was dealt with.
    bool running_ = false;
    bool hurried_ = false;
    bool stopped_ = false;
};

}  // namespace gateway
