#pragma once

// Lets a Task await one operation of Asio:
//
//     const auto [failed, size] = co_await completion([&](auto done) {
//     socket.async_read_some(buffer, done); });

#include <coroutine>
#include <cstddef>
#include <utility>

#include <boost/system/error_code.hpp>

namespace gateway {

struct Completed {
    boost::system::error_code failed;
    std::size_t size = 0;
};

template <class Start>
class Completion {
public:
    explicit Completion(Start start) : start_(std::move(start)) {}

    [[nodiscard]] bool await_ready() const { return false; }
    // Asio never completes an operation from within the call that starts it.
    void await_suspend(std::coroutine_handle<> awaiting) {
        start_([this, awaiting](const boost::system::error_code& failed, std::size_t size = 0) {
            completed_ = {failed, size};
            awaiting.resume();
        });
    }
    [[nodiscard]] Completed await_resume() const { return completed_; }

private:
    Start start_;
    Completed completed_;
};

template <class Start>
[[nodiscard]] Completion<Start> completion(Start start) {
    return Completion<Start>(std::move(start));
}

}  // namespace gateway
