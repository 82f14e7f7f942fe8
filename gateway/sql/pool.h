#pragma once

// A bounded pool of threads that ask the database, each over a connection of its own: a client
// library blocks, and a loop must not. Who asks waits on a loop, under a deadline.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "policy/base/result.h"
#include "session/sql/database.h"

namespace gateway::sql {

using SteadyTime = std::chrono::steady_clock::time_point;

class Pool {
public:
    // `settings` outlives this.
    explicit Pool(const session::sql::Settings& settings);
    // Work that was not begun is called with an error. A thread that the database holds is given a
    // moment, and left to itself then.
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    // Callable from any thread. `job` is called once, on a thread of the pool: with a connection,
    // or with why there is none; so, too, when `deadline` has passed before its turn comes, or too
    // many wait. It returns whether the connection is still good.
    using Job = std::function<bool(policy::Result<session::sql::Database*>)>;
    void add(Job job, SteadyTime deadline);

private:
    struct Waiting {
        Job job;
        SteadyTime deadline{};
    };
    // Outlives the pool while a thread has it.
    struct Common {
        explicit Common(const session::sql::Settings& of) : settings(of) {}
        const session::sql::Settings settings;
        std::mutex mutex;  // Guards what follows.
        std::condition_variable changed;
        std::deque<Waiting> waiting;
        bool is_ending = false;
        unsigned running = 0;
    };

    static void run(std::shared_ptr<Common> common);
    static void serve(Common& common);

    std::shared_ptr<Common> common_;
    std::vector<std::thread> threads_;
};

}  // namespace gateway::sql
