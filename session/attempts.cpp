#include "session/attempts.h"

#include <algorithm>

#include "policy/base/text.h"

namespace session {

namespace {

enum class Scope { User, Network };

policy::Finding threshold_reached(Scope scope, unsigned count, const std::string& network) {
    policy::Finding finding;
    finding.event = policy::Event::AuthnLoginFailMax;
    finding.arguments = {{"scope", scope == Scope::User ? "user" : "network"},
                         {"count", std::to_string(count)},
                         {"network", network}};
    return finding;
}

policy::Finding new_network(const std::string& network) {
    policy::Finding finding;
    finding.event = policy::Event::SessionEnvironmentChange;
    finding.arguments = {{"change", "new_network"}, {"network", network}};
    return finding;
}

std::string counted_name(const policy::UserName& user) {
    return policy::ascii_lower(user.text());
}

// Moves `network` to the end of `seen`. Returns whether it was there before.
bool remember(std::vector<std::string>& seen, const std::string& network, std::size_t most) {
    const bool was_there = std::erase(seen, network) > 0;
    if (!was_there && seen.size() >= std::max<std::size_t>(most, 1)) seen.erase(seen.begin());
    seen.push_back(network);
    return was_there;
}

}  // namespace

Attempts::Attempts(AttemptLimits limits)
    : limits_(limits),
      users_(limits.entries),
      networks_(limits.entries),
      seen_on_(limits.entries) {}

policy::Findings Attempts::failed(const std::optional<policy::UserName>& user,
                                  const policy::IpAddress& client, policy::Instant now) {
    const auto network = policy::network_of(client, limits_.network).text();
    policy::Findings findings;
    const std::scoped_lock lock(mutex_);
    if (user && limits_.per_user.count > 0) {
        const auto count = users_.use(counted_name(*user)).add(limits_.per_user, now);
        if (count) findings.push_back(threshold_reached(Scope::User, *count, network));
    }
    if (limits_.per_network.count > 0) {
        const auto count = networks_.use(network).add(limits_.per_network, now);
        if (count) findings.push_back(threshold_reached(Scope::Network, *count, network));
    }
    return findings;
}

policy::Findings Attempts::succeeded(const policy::UserName& user, const policy::IpAddress& client,
                                     policy::Instant) {
    const auto name = counted_name(user);
    const auto network = policy::network_of(client, limits_.network).text();
    const std::scoped_lock lock(mutex_);
    users_.erase(name);
    auto& seen = seen_on_.use(name);
    const bool is_known_user = !seen.empty();
    const bool is_known_network = remember(seen, network, limits_.networks_per_user);
    if (!is_known_user || is_known_network) return {};
    return {new_network(network)};
}

}  // namespace session
