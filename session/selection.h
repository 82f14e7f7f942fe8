#pragma once

// What stores have in common towards an administrator: which session is meant, and what is told of
// it.

#include "session/directory.h"
#include "session/store.h"

namespace session {

[[nodiscard]] bool is_meant(const Selection& selection, const SessionKey& key,
                            const Session& session);

[[nodiscard]] Summary summary_of(const SessionKey& key, const Record& record);

}  // namespace session
