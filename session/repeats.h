#pragma once

// What is worth one line in the audit, and not one for each time that somebody tries again.

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "policy/base/reason.h"
#include "policy/base/time.h"
#include "session/id.h"
#include "session/recency_map.h"

namespace session {

// Shared by all workers; locks. Only refused cookies come here.
class Repeats {
public:
    enum class What : char { LateUse = 'l', Reuse = 'r' };

    // Nothing while it was told within the last minute; else how often it was not told since then.
    [[nodiscard]] std::optional<std::size_t> tell(What what, policy::Reason why,
                                                  const SessionKey& key, policy::Instant now);

private:
    static constexpr policy::Duration kWindow = std::chrono::minutes(1);
    static constexpr std::size_t kMost = 10'000;  // Of sessions. The one quiet longest goes first.

    struct Window {
        policy::Instant told{};
        std::size_t untold = 0;
    };

    std::mutex mutex_;  // Guards what follows.
    RecencyMap<Window> windows_{kMost};
};

}  // namespace session
