#pragma once

// Numbers and times as the table keeps them in Redis: decimal text, milliseconds.

#include <charconv>
#include <cstdint>
#include <string>

#include "policy/base/result.h"
#include "policy/base/time.h"
#include "session/redis/reply.h"

namespace session::redis {

[[nodiscard]] inline std::string text(std::uint64_t number) {
    return std::to_string(number);
}
[[nodiscard]] inline std::string text(policy::Duration duration) {
    return std::to_string(duration.count());
}
[[nodiscard]] inline std::string text(policy::Instant instant) {
    return text(instant.time_since_epoch());
}

// False when `reply` is no such number.
template <class Number>
[[nodiscard]] bool read_number(const Reply& reply, Number& number) {
    const char* const end = reply.text.data() + reply.text.size();
    const auto [rest, failed] = std::from_chars(reply.text.data(), end, number);
    return reply.is_text() && failed == std::errc{} && rest == end;
}
[[nodiscard]] inline bool read(const Reply& reply, std::uint64_t& number) {
    return read_number(reply, number);
}
[[nodiscard]] inline bool read(const Reply& reply, policy::Duration& duration) {
    policy::Duration::rep count = 0;
    if (!read_number(reply, count)) return false;
    duration = policy::Duration(count);
    return true;
}
[[nodiscard]] inline bool read(const Reply& reply, policy::Instant& instant) {
    policy::Duration since{};
    if (!read(reply, since)) return false;
    instant = policy::Instant(since);
    return true;
}

// Somebody else writes under our prefix, or an older program did.
[[nodiscard]] inline tl::unexpected<policy::Error> unreadable() {
    return policy::fail(policy::Reason::StoreUnavailable, "redis: what is kept there is not ours");
}

}  // namespace session::redis
