#include "policy/detectors/binding.h"

#include <optional>
#include <string>
#include <utility>

namespace policy {
namespace {

bool is_same_place(const NetworkBinding& policy, const IpAddress& left, const IpAddress& right) {
    if (policy.exact) return left == right;
    return network_of(left, policy.network) == network_of(right, policy.network);
}

Reaction reaction_of(BindingMode mode) {
    switch (mode) {
        case BindingMode::StepUp:
            return Reaction::StepUp;
        case BindingMode::Lock:
            return Reaction::Lock;
        case BindingMode::Revoke:
            return Reaction::Revoke;
        case BindingMode::Off:
        case BindingMode::Observe:
            break;
    }
    return Reaction::Observe;
}

Finding mismatch(BindingMode mode, std::string_view signal, std::string bound, std::string seen) {
    return {
        Event::SessionBindMismatch,
        Reason::BindingMismatch,
        reaction_of(mode),
        {{"signal", std::string(signal)}, {"bound", std::move(bound)}, {"seen", std::move(seen)}}};
}

// Nothing to tell in observe mode about who stayed where he was.
bool is_worth_telling(BindingMode mode, bool is_as_bound, bool is_as_last) {
    if (mode == BindingMode::Off || is_as_bound) return false;
    return mode != BindingMode::Observe || !is_as_last;
}

}  // namespace

Findings check_binding(const BindingPolicy& policy, const ClientEnvironment& bound,
                       const ClientEnvironment& last, const ClientEnvironment& client) {
    Findings findings;
    const auto is_place = [&](const IpAddress& place) {
        return is_same_place(policy.network, place, client.address);
    };
    if (is_worth_telling(policy.network.mode, is_place(bound.address), is_place(last.address)))
        findings.push_back(
            mismatch(policy.network.mode, "network", bound.address.text(), client.address.text()));
    if (is_worth_telling(policy.agent.mode, bound.agent == client.agent,
                         last.agent == client.agent))
        findings.push_back(
            mismatch(policy.agent.mode, "user_agent", bound.agent.text(), client.agent.text()));
    return findings;
}

bool is_same_client(const BindingPolicy& policy, const ClientEnvironment& left,
                    const ClientEnvironment& right) {
    return is_same_place(policy.network, left.address, right.address) && left.agent == right.agent;
}

}  // namespace policy
