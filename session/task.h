#pragma once

// Task<T> is a coroutine that may wait: for a socket, a deadline, a store.
//
// Lazy: it runs when it is awaited, on the awaiting coroutine's stack, and that one continues
// inline when nothing had to be waited for. So a loop over tasks that are ready costs no queue
// and no growing stack, and whatever wakes a waiting coroutine decides on which thread. Boost
// 1.74's asio::awaitable can await nothing but Asio's own operations and resumes through a queue.

#include <array>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <new>
#include <optional>
#include <utility>

namespace session {

template <class T>
class [[nodiscard]] Task;

namespace detail {

// Frames are taken and returned by the hundred for each request, in a few sizes and on one thread:
// a free list for each size costs a twentieth of the allocator.
class Frames {
public:
    static void* take(std::size_t size) {
        const auto slot = slot_of(size);
        if (slot >= kSlots) return ::operator new(size);
        auto& free = lists().free[slot];
        if (!free) return ::operator new((slot + 1) * kStep);
        --lists().count[slot];
        return std::exchange(free, free->next);
    }

    static void give_back(void* frame, std::size_t size) {
        const auto slot = slot_of(size);
        if (slot >= kSlots || lists().count[slot] >= kKept) return ::operator delete(frame);
        ++lists().count[slot];
        lists().free[slot] = new (frame) Free{lists().free[slot]};
    }

private:
    static constexpr std::size_t kStep = 64;
    static constexpr std::size_t kSlots = 32;
    static constexpr std::size_t kKept = 64;

    struct Free {
        Free* next;
    };
    struct Lists {
        std::array<Free*, kSlots> free{};
        std::array<std::size_t, kSlots> count{};
        ~Lists() {
            for (auto* frame : free) {
                while (frame) ::operator delete(std::exchange(frame, frame->next));
            }
        }
    };

    static std::size_t slot_of(std::size_t size) { return (size - 1) / kStep; }
    static Lists& lists() {
        static thread_local Lists mine;
        return mine;
    }
};

struct PromiseBase {
    static void* operator new(std::size_t size) { return Frames::take(size); }
    static void operator delete(void* frame, std::size_t size) { Frames::give_back(frame, size); }

    std::coroutine_handle<> continuation;  // Null until the awaiting coroutine went to sleep.
    std::exception_ptr thrown;

    struct FinalAwaiter {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) const noexcept {
            if (auto next = done.promise().continuation) return next;
            return std::noop_coroutine();
        }
        void await_resume() const noexcept {}
    };

    std::suspend_always initial_suspend() noexcept { return {}; }
    FinalAwaiter final_suspend() noexcept { return {}; }
    void unhandled_exception() { thrown = std::current_exception(); }
};

template <class T>
struct Promise : PromiseBase {
    std::optional<T> value;

    Task<T> get_return_object();
    template <class U>
    void return_value(U&& returned) {
        value.emplace(std::forward<U>(returned));
    }
    T take() {
        if (thrown) std::rethrow_exception(thrown);
        return std::move(*value);
    }
};

template <>
struct Promise<void> : PromiseBase {
    Task<void> get_return_object();
    void return_void() {}
    void take() {
        if (thrown) std::rethrow_exception(thrown);
    }
};

}  // namespace detail

// Owns its coroutine: destroying an unfinished Task destroys the frame, so whoever holds one that
// waits must make sure that nothing will wake it any more.
template <class T>
class [[nodiscard]] Task {
public:
    using promise_type = detail::Promise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    explicit Task(Handle handle) : handle_(handle) {}
    ~Task() {
        if (handle_) handle_.destroy();
    }
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    Task& operator=(Task&&) = delete;

    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> awaiting) {
        handle_.resume();
        if (handle_.done()) return false;
        handle_.promise().continuation = awaiting;
        return true;
    }
    T await_resume() { return handle_.promise().take(); }

private:
    Handle handle_;
};

template <class T>
Task<T> detail::Promise<T>::get_return_object() {
    return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}
inline Task<void> detail::Promise<void>::get_return_object() {
    return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

namespace detail {

// A coroutine that nobody awaits; its frame frees itself at the end.
struct Detached {
    struct promise_type {
        Detached get_return_object() { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::terminate(); }
    };
};

}  // namespace detail

// Starts `task` now, on this stack, and lets it run on its own. It must not throw: an exception
// that leaves it is a bug and ends the process.
inline void spawn(Task<void> task) {
    [](Task<void> owned) -> detail::Detached { co_await owned; }(std::move(task));
}

}  // namespace session
