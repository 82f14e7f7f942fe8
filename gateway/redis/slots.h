#pragma once

// Which node of a Redis cluster has which keys.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "session/redis/reply.h"
#include "session/redis/settings.h"

namespace gateway::redis {

constexpr std::size_t kSlots = 16384;

// Of what stands between the first braces, if something does, and of the whole key otherwise.
[[nodiscard]] std::size_t slot_of(std::string_view key);

struct SlotRange {
    std::size_t first = 0;
    std::size_t last = 0;
    session::redis::Address primary;
};

// What CLUSTER SLOTS answers; nothing when it is something else. A node that does not know its own
// address is where it was `asked`.
[[nodiscard]] std::optional<std::vector<SlotRange>> read_slots(
    const session::redis::Reply& reply, const session::redis::Address& asked);

// `MOVED 3999 127.0.0.1:6381` and `ASK 3999 127.0.0.1:6381`: where to go; nothing for others.
[[nodiscard]] std::optional<session::redis::Address> read_redirection(
    const session::redis::Reply& reply, const session::redis::Address& asked);

}  // namespace gateway::redis
