#include "session/network_quota.h"

#include <string_view>

namespace session {

std::size_t NetworkQuota::Hash::operator()(const policy::IpAddress& address) const noexcept {
    const auto& bytes = address.bytes();
    return std::hash<std::string_view>{}(
        {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

policy::IpAddress NetworkQuota::network_of(const policy::IpAddress& address) const {
    return policy::network_of(address, networks_).address;
}

bool NetworkQuota::take(const policy::IpAddress& address) {
    const std::scoped_lock lock(mutex_);
    const auto network = network_of(address);
    const auto found = taken_.find(network);
    const auto taken = found == taken_.end() ? 0 : found->second;
    if (taken >= most_) return false;
    taken_[network] = taken + 1;
    return true;
}

void NetworkQuota::take_anyway(const policy::IpAddress& address) {
    const std::scoped_lock lock(mutex_);
    taken_[network_of(address)] += 1;
}

void NetworkQuota::give_back(const policy::IpAddress& address) {
    const std::scoped_lock lock(mutex_);
    const auto found = taken_.find(network_of(address));
    if (found == taken_.end()) return;
    found->second -= 1;
    if (found->second == 0) taken_.erase(found);
}

}  // namespace session
