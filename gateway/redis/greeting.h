#pragma once

// What a Redis server is told before anything else: who we are, which database, and that it has to
// answer.

#include <string>
#include <vector>

#include "gateway/redis/wire.h"
#include "session/redis/settings.h"

namespace gateway::redis {

// Who a server must be.
enum class Role : std::uint8_t { Any, Primary };

// Commands to be sent first of all; AUTH with the account, unless it has no password.
void add_login(const session::redis::Account& account, std::vector<std::string>& commands);

// Sends the greeting and then `more`, and reads all answers. An error among those to `more` counts
// unless it says that another node has that key. Errors: StoreUnavailable.
[[nodiscard]] Task<policy::Result<void>> greet(Wire& wire, const session::redis::Settings& settings,
                                               Role role, std::vector<std::string> more);

}  // namespace gateway::redis
