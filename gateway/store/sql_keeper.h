#pragma once

// Sessions in a database: all loops share a pool of connections.

#include "gateway/store/keeper.h"

namespace gateway {

// `surroundings.settings.sql` is set.
[[nodiscard]] std::unique_ptr<StoreKeeper> make_sql_keeper(const StoreSurroundings& surroundings);

}  // namespace gateway
