#pragma once

// How many strangers one network may hold sessions for, so that no single one fills the store.

#include <cstddef>
#include <mutex>
#include <unordered_map>

#include "policy/http/network.h"

namespace session {

// Locks; only the sessions of strangers come here, when they begin and when they end.
class NetworkQuota {
public:
    NetworkQuota(std::size_t most, policy::PrefixLengths networks)
        : most_(most), networks_(networks) {}

    // False when the network of `address` has as many as it may have.
    [[nodiscard]] bool take(const policy::IpAddress& address);

    // Takes one whether or not it may.
    void take_anyway(const policy::IpAddress& address);

    void give_back(const policy::IpAddress& address);

private:
    struct Hash {
        std::size_t operator()(const policy::IpAddress& address) const noexcept;
    };

    [[nodiscard]] policy::IpAddress network_of(const policy::IpAddress& address) const;

    std::size_t most_;
    policy::PrefixLengths networks_;
    std::mutex mutex_;                                                // Guards what follows.
    std::unordered_map<policy::IpAddress, std::size_t, Hash> taken_;  // None is zero.
};

}  // namespace session
