#pragma once

// A worker's loop with what its connections share. It runs until what a test waits for has come
// about, and gives up when that takes too long.

#include <chrono>
#include <stdexcept>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "gateway/io/slab.h"
#include "gateway/io/text_pool.h"
#include "gateway/io/timer_wheel.h"
#include "tests/support/started_task.h"

namespace support {

class Loop {
public:
    boost::asio::io_context context{1};
    gateway::TimerWheel wheel{context};
    gateway::SlabPool slabs;
    gateway::TextPool texts;

    [[nodiscard]] gateway::Buffers buffers() { return {slabs, texts}; }

    // False when `done` did not become true in time.
    template <class Done>
    [[nodiscard]] bool run_until(Done done) {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(3);
        while (!done()) {
            if (std::chrono::steady_clock::now() > give_up) return false;
            context.restart();
            context.run_one_for(std::chrono::milliseconds(10));
        }
        return true;
    }

    // Runs everything that need not wait.
    void settle() {
        context.restart();
        context.poll();
    }

    // Runs `task` to its end.
    template <class T>
    T finish(session::Task<T> task) {
        Started<T> started(std::move(task));
        if (!run_until([&] { return started.is_done(); }))
            throw std::runtime_error("the task waits for something that never comes");
        if constexpr (!std::is_void_v<T>) return std::move(started.result());
    }
};

}  // namespace support
