#pragma once

// Deadlines and waiters that remember that they were called.

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include "gateway/io/socket.h"
#include "gateway/io/timer_wheel.h"

namespace support {

// A deadline that may do something when it has passed.
class Alarm final : public gateway::TimerWheel::Node {
public:
    explicit Alarm(std::function<void()> action = {}) : action_(std::move(action)) {}

    void on_deadline() override {
        ++calls;
        if (action_) action_();
    }

    int calls = 0;

private:
    std::function<void()> action_;
};

class Waiter final : public gateway::Socket::Waiter {
public:
    void on_wake(gateway::Wake why) override { wake = why; }

    std::optional<gateway::Wake> wake;
};

}  // namespace support
