#include "session/attempts.h"

#include <algorithm>

#include "policy/base/text.h"

namespace session {

namespace {

policy::Finding threshold_reached(std::string_view scope, unsigned count) {
    policy::Finding finding;
    finding.event = policy::Event::AuthnLoginFailMax;
    finding.arguments = {{"scope", std::string(scope)}, {"count", std::to_string(count)}};
    return finding;
}

policy::Finding new_network(const std::string& network) {
    policy::Finding finding;
    finding.event = policy::Event::SessionEnvironmentChange;
    finding.arguments = {{"change", "new_network"}, {"counted_network", network}};
    return finding;
}

// What cannot be told apart by a backend that trims and folds is counted together: blanks and
// punctuation at the ends of a name, and its case. Names that could not be read are one name.
std::string counted_name(const std::optional<policy::UserName>& user) {
    constexpr std::string_view kTrimmed = " \t.,:;_-";
    if (!user) return {};
    const std::string_view text = user->text();
    const auto begin = text.find_first_not_of(kTrimmed);
    if (begin == std::string_view::npos) return {};
    const auto end = text.find_last_not_of(kTrimmed);
    return policy::ascii_lower(text.substr(begin, end + 1 - begin));
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
    if (limits_.per_user.count > 0) {
        const auto count = users_.use(counted_name(user)).add(limits_.per_user, now);
        if (count) {
            auto& finding = findings.emplace_back(threshold_reached("user", *count));
            if (user) finding.arguments.emplace_back("attempted_user", user->text());
        }
    }
    if (limits_.per_network.count > 0) {
        const auto count = networks_.use(network).add(limits_.per_network, now);
        if (count) {
            auto& finding = findings.emplace_back(threshold_reached("network", *count));
            finding.arguments.emplace_back("counted_network", network);
        }
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
