#pragma once

// Listener: hears what any gateway tells all of them, by asking the database twice a second. One
// for each process.

#include <functional>
#include <set>

#include "gateway/sql/asker.h"

namespace gateway::sql {

class Listener {
public:
    struct Calls {
        std::function<void(const session::Notice&)> heard;
        // Notices come in from now on, or no more. In between some may have been missed.
        std::function<void(bool is_listening)> changed;
    };

    // All of it outlives this.
    Listener(boost::asio::io_context& loop, Asker& asker, Calls calls)
        : asker_(asker), calls_(std::move(calls)), pause_(loop) {}

    void start();
    // Before the asker stops.
    void stop();

private:
    [[nodiscard]] Task<void> run();
    void hear(const session::sql::Notices& notices);

    Asker& asker_;
    Calls calls_;
    std::optional<std::int64_t> last_;
    std::set<std::int64_t> heard_;  // Numbers that are asked for again and again.
    bool is_listening_ = false;
    bool is_stopped_ = false;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock> pause_;
};

}  // namespace gateway::sql
