#pragma once

// Takes cookies away that browsers still hold from before the gateway (policy/stale_cookies.h),
// once: what a browser goes on sending, because it was set in a way that cannot be guessed, is not
// repeated without end. What was told to whom each worker knows for itself, and forgets in time.

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "policy/backend.h"
#include "policy/facts.h"
#include "policy/route.h"
#include "session/recency_map.h"
#include "session/vault.h"

namespace gateway {

class StaleCookies {
public:
    // A session or, of those who have none, an address; and for each of them the pairs of a name
    // and a folder.
    static constexpr std::size_t kMostBrowsers = 4096;
    static constexpr std::size_t kMostTold = 32;
    static constexpr std::size_t kMostNames = 8;  // In one answer.

    // `routes` outlives this.
    StaleCookies(const policy::RouteTable& routes,
                 std::function<bool(std::string_view)> is_public_suffix);

    // What came with a request in vain.
    struct Sighting {
        std::span<const std::string_view> names;
        const policy::RequestFacts& request;
        const policy::Backend& backend;
        std::string_view session;     // Its handle; empty when there is none.
        const session::Vault* vault;  // Of the session, with what the answer has set; may be null.
    };

    // Those of `names` that are known to be the backend's: a rule of the policy names it, or the
    // vault holds one of the same name. Others are refused as well, but may be those of scripts in
    // the page or of neighbours in the domain.
    [[nodiscard]] static std::vector<std::string_view> known(const Sighting& seen);

    // The Set-Cookie lines for the answer, for names that are known. Nothing is taken from a
    // backend of the same host that lets browsers hold cookies of that name.
    [[nodiscard]] std::vector<std::string> remove(const Sighting& seen);

private:
    using Told = std::unordered_set<std::string>;

    [[nodiscard]] std::vector<std::string_view> domains_of(std::string_view name,
                                                           const Sighting& seen) const;

    const policy::RouteTable& routes_;
    std::function<bool(std::string_view)> is_public_suffix_;
    session::RecencyMap<Told> told_{kMostBrowsers};
};

}  // namespace gateway
