#pragma once

// Signal: one coroutine waits until another one has come to a point. Set once.

#include <coroutine>
#include <utility>

namespace gateway {

class Signal {
public:
    void set() {
        set_ = true;
        if (auto waiting = std::exchange(waiting_, {})) waiting.resume();
    }

    [[nodiscard]] bool is_set() const { return set_; }

    [[nodiscard]] auto wait() {
        struct Waiting {
            Signal& signal;
            bool await_ready() const { return signal.set_; }
            void await_suspend(std::coroutine_handle<> handle) { signal.waiting_ = handle; }
            void await_resume() const {}
        };
        return Waiting{*this};
    }

private:
    bool set_ = false;
    std::coroutine_handle<> waiting_;
};

}  // namespace gateway
