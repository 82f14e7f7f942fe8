#pragma once

// Runs a Task to its end at once, for tests whose fakes never wait.

#include <cstdlib>
#include <iostream>
#include <optional>
#include <utility>

#include "session/task.h"

namespace support {

namespace detail {

template <class T>
session::Task<void> keep(session::Task<T> task, std::optional<T>& result) {
    result.emplace(co_await task);
}

inline session::Task<void> note_end(session::Task<void> task, bool& ended) {
    co_await task;
    ended = true;
}

[[noreturn]] inline void end_waiting_test() {
    std::cerr << "run(): the task waits for something that a test cannot wake\n";
    std::abort();
}

}  // namespace detail

template <class T>
T run(session::Task<T> task) {
    std::optional<T> result;
    session::spawn(detail::keep(std::move(task), result));
    if (!result) detail::end_waiting_test();
    return std::move(*result);
}

inline void run(session::Task<void> task) {
    bool ended = false;
    session::spawn(detail::note_end(std::move(task), ended));
    if (!ended) detail::end_waiting_test();
}

}  // namespace support
