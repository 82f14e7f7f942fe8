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

// What cannot be told apart by a backend that trims and folds is counted together. Names that could
// not be read are one name.
std::string counted_name(const std::optional<policy::UserName>& user,
                         const policy::CountingRule& counting) {
    constexpr std::string_view kTrimmed = " \t.,:;_-";
    if (!user) return {};
    std::string_view text = user->text();
    if (counting.trims_ends) {
        text.remove_prefix(std::min(text.find_first_not_of(kTrimmed), text.size()));
        text = text.substr(0, text.find_last_not_of(kTrimmed) + 1);
    }
    for (const auto& domain : counting.dropped_domains) {
        const auto at = text.rfind('@');
        if (at == std::string_view::npos || at == 0) break;
        if (policy::equals_ignoring_case(text.substr(at + 1), domain)) text = text.substr(0, at);
    }
    return counting.folds_case ? policy::ascii_lower(text) : std::string(text);
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

void Attempts::count_user(const std::string& name, const std::optional<policy::UserName>& user,
                          policy::Instant now, policy::Findings& findings) {
    if (limits_.per_user.count == 0) return;
    const auto count = users_.use(name).add(limits_.per_user, now);
    if (!count) return;
    auto& finding = findings.emplace_back(threshold_reached("user", *count));
    if (user) finding.arguments.emplace_back("attempted_user", user->text());
}

policy::Findings Attempts::began(const policy::UserName& user, const policy::CountingRule& counting,
                                 policy::Instant now) {
    policy::Findings findings;
    const std::scoped_lock lock(mutex_);
    count_user(counted_name(user, counting), user, now, findings);
    return findings;
}

policy::Findings Attempts::failed(const std::optional<policy::UserName>& user,
                                  const policy::CountingRule& counting,
                                  const policy::IpAddress& client, policy::Instant now) {
    const auto network = policy::network_of(client, limits_.network).text();
    policy::Findings findings;
    const std::scoped_lock lock(mutex_);
    count_user(counted_name(user, counting), user, now, findings);
    if (limits_.per_network.count > 0) {
        const auto count = networks_.use(network).add(limits_.per_network, now);
        if (count) {
            auto& finding = findings.emplace_back(threshold_reached("network", *count));
            finding.arguments.emplace_back("counted_network", network);
        }
    }
    return findings;
}

policy::Findings Attempts::succeeded(const policy::UserName& user,
                                     const policy::CountingRule& counting,
                                     const policy::IpAddress& client, policy::Instant) {
    // For a backend that keeps blanks `ada_` is another account: it must not speak for `ada`.
    auto as_it_came = counting;
    as_it_came.trims_ends = false;
    const auto name = counted_name(user, as_it_came);
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
