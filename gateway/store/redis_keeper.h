#pragma once

// Sessions in Redis: a connection for each loop, and one that hears what other gateways tell.

#include "gateway/store/keeper.h"

namespace gateway {

// `surroundings.settings.redis` is set. Errors: Internal, naming a certificate that cannot be used.
[[nodiscard]] policy::Result<std::unique_ptr<StoreKeeper>> make_redis_keeper(
    const StoreSurroundings& surroundings);

}  // namespace gateway
