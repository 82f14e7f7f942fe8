#pragma once

// session.store.redis.

#include "config/draft.h"
#include "config/value.h"

namespace config {

void decode_redis(const Value& value, Draft& draft);

// What a gateway does while a store outside the process does not answer.
[[nodiscard]] std::vector<Key> outage_keys(session::SharedSettings& shared);

}  // namespace config
