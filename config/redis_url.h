#pragma once

// Where a Redis server is, as people write it: `redis://host:6379/0`, `rediss://host`,
// `unix:///run/redis.sock`.

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "session/redis/settings.h"

namespace config {

struct RedisUrl {
    session::redis::Address address;
    bool is_tls = false;
    unsigned database = 0;
};

// The problem, as a sentence that goes on behind the key, when it is none.
[[nodiscard]] tl::expected<RedisUrl, std::string> parse_redis_url(std::string_view url);

// `host:port`; nothing when it is something else.
[[nodiscard]] std::optional<session::redis::Address> parse_redis_address(std::string_view text);

}  // namespace config
