#pragma once

// Remembers failed logins per user and per network within a sliding window (failure_window.h), and
// on which networks users have logged in before. Bounded: when full, the entries that were quiet
// longest go first.

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "policy/base/strong.h"
#include "policy/base/time.h"
#include "policy/finding.h"
#include "policy/http/network.h"
#include "policy/login_rule.h"
#include "session/failure_window.h"
#include "session/recency_map.h"

namespace session {

struct AttemptLimits {
    Threshold per_user{5, std::chrono::minutes(15)};
    Threshold per_network{20, std::chrono::minutes(15)};
    policy::PrefixLengths network;
    std::size_t entries = 50'000;  // Of each kind.
    std::size_t networks_per_user = 8;
};

// Shared by all workers; locks. Only login answers come here, never the ordinary request.
class Attempts {
public:
    explicit Attempts(AttemptLimits limits);

    // Returns authn_login_fail_max findings for thresholds reached by exactly this failure, so that
    // a flood is told once per window. Names that a backend may take for one another are counted
    // as one (LGN-001), as `counting` says, and so are all that nobody could read: hiding the
    // name must not help.
    [[nodiscard]] policy::Findings failed(const std::optional<policy::UserName>& user,
                                          const policy::CountingRule& counting,
                                          const policy::IpAddress& client, policy::Instant now);

    // A login that is to be confirmed counts as a failure of its user until it succeeds; whoever
    // lets it lie must not have guessed for free.
    [[nodiscard]] policy::Findings began(const policy::UserName& user,
                                         const policy::CountingRule& counting, policy::Instant now);

    // Clears the user's failures, not those of names that are only counted as one after trimming.
    // Returns session_environment_change (change: new_network) when the user is known and was never
    // seen on this network.
    [[nodiscard]] policy::Findings succeeded(const policy::UserName& user,
                                             const policy::CountingRule& counting,
                                             const policy::IpAddress& client, policy::Instant now);

private:
    void count_user(const std::string& name, const std::optional<policy::UserName>& user,
                    policy::Instant now, policy::Findings& findings);

    using Networks = std::vector<std::string>;  // Used least recently first.

    AttemptLimits limits_;
    std::mutex mutex_;  // Guards what follows.
    RecencyMap<FailureWindow> users_;
    RecencyMap<FailureWindow> networks_;
    RecencyMap<Networks> seen_on_;
};

}  // namespace session
