#pragma once

// What keepers of sessions outside the process have in common.

#include "gateway/store/keeper.h"
#include "session/shared_store.h"

namespace gateway {

// Notices come in from now on, or no more: what was missed is asked for.
[[nodiscard]] session::Task<void> follow_notices(session::SharedKnowledge& knowledge,
                                                 session::SharedStore& store, bool is_listening,
                                                 std::function<void()> recheck);

}  // namespace gateway
