#pragma once

// A Task under way: it runs while the test turns the loop, and is dropped with this object.

#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "session/task.h"

namespace support {

template <class T>
class Started {
    using Kept = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

public:
    explicit Started(session::Task<T> task) : runner_(run(std::move(task), result_)) {
        runner_.handle.resume();
    }
    ~Started() { runner_.handle.destroy(); }
    Started(const Started&) = delete;
    Started& operator=(const Started&) = delete;

    [[nodiscard]] bool is_done() const { return result_.has_value(); }
    [[nodiscard]] Kept& result() { return result_.value(); }

private:
    // Owned, unlike what session::spawn() makes, so that an unfinished one can be dropped.
    struct Runner {
        struct promise_type {
            Runner get_return_object() {
                return {std::coroutine_handle<promise_type>::from_promise(*this)};
            }
            std::suspend_always initial_suspend() noexcept { return {}; }
            std::suspend_always final_suspend() noexcept { return {}; }
            void return_void() {}
            void unhandled_exception() { std::terminate(); }
        };
        std::coroutine_handle<> handle;
    };

    static Runner run(session::Task<T> task, std::optional<Kept>& result) {
        if constexpr (std::is_void_v<T>) {
            co_await task;
            result.emplace();
        } else {
            result.emplace(co_await task);
        }
    }

    std::optional<Kept> result_;
    Runner runner_;
};

}  // namespace support
