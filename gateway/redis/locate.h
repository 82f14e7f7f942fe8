#pragma once

// Where the server is that a connection shall be made to.

#include "gateway/redis/link.h"

namespace gateway::redis {

// The one address of the policy file; of several, each in turn; or the primary, as sentinels say.
// What is returned lives no longer than `loop` and `dialling`.
[[nodiscard]] Link::Locate locator(boost::asio::io_context& loop, const Dialling& dialling);

// Whether what is found there must be a primary.
[[nodiscard]] Role role_of(const session::redis::Settings& settings);

}  // namespace gateway::redis
