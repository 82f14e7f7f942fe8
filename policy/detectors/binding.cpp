#include "policy/detectors/binding.h"

namespace policy {
namespace {

bool is_same_place(const BindingPolicy& policy, const IpAddress& left, const IpAddress& right) {
    if (policy.exact) return left == right;
    return network_of(left, policy.network) == network_of(right, policy.network);
}

}  // namespace

std::optional<Finding> check_binding(const BindingPolicy& policy, const IpAddress& bound,
                                     const IpAddress& last, const IpAddress& client) {
    if (policy.mode == BindingPolicy::Mode::Off) return std::nullopt;
    if (is_same_place(policy, bound, client)) return std::nullopt;
    const bool revoke = policy.mode == BindingPolicy::Mode::Revoke;
    if (!revoke && is_same_place(policy, last, client)) return std::nullopt;
    return Finding{Event::SessionBindMismatch,
                   Reason::BindingMismatch,
                   revoke ? Reaction::Revoke : Reaction::Observe,
                   {{"bound", bound.text()}, {"seen", client.text()}}};
}

}  // namespace policy
