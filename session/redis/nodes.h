#pragma once

// What the table needs of whoever speaks to the servers: a command goes to the one that has the
// key, is pipelined with those of others, and comes back under a deadline.

#include <chrono>
#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "session/redis/reply.h"
#include "session/task.h"

namespace session::redis {

class Nodes {
public:
    virtual ~Nodes() = default;

    // `command` as format() makes it; `key` is the one it is about. An error that the server
    // answers is a Reply. Errors: StoreUnavailable.
    [[nodiscard]] virtual Task<policy::Result<Reply>> ask(std::string_view key,
                                                          std::string command) = 0;

    // The same for what can wait a little and whose answer nobody needs: it goes with the next
    // command, or by itself soon.
    virtual void ask_sometime(std::string_view key, std::string command) = 0;

    // By when something that begins now has to be over.
    using SteadyTime = std::chrono::steady_clock::time_point;
    [[nodiscard]] virtual SteadyTime deadline() const = 0;

    // Waits until so many replicas have what was written under `key` so far. Errors: as above,
    // also when they do not by `deadline`. Meanwhile the server keeps what comes after it waiting.
    [[nodiscard]] virtual Task<policy::Result<void>> replicate(std::string_view key,
                                                               unsigned replicas,
                                                               SteadyTime deadline) = 0;
};

}  // namespace session::redis
