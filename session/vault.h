#pragma once

// The backend's cookies, kept in the session as a browser would keep them (RFC 6265bis §5.7,
// §5.8.3): keyed by name, domain and path (a host's own cookie is not that of the domain of the
// same name), applied in order, expired by time, selected by path.
// Two backends behind one host have a jar each: neither may learn the other's sessions.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/base/time.h"

namespace session {

struct VaultCookie {
    std::string backend;  // Who set it; no other gets it.
    std::string name;
    std::string value;
    std::string domain;  // The host itself when no Domain was set.
    bool host_only = true;
    std::string path;
    std::optional<policy::Instant> expires;  // Nothing: as long as the session.
    policy::Instant created{};

    bool operator==(const VaultCookie&) const = default;
};

struct VaultLimits {
    std::size_t count = 50;
    std::size_t bytes = 16'384;  // Names, values, domains and paths together.
};

// Where a request goes, as the backend sees it.
struct Destination {
    std::string_view backend;
    std::string_view host;  // Canonical, of the Host that the backend is sent.
    std::string_view path;  // As it is sent: browsers do not decode it either.
};

class Vault {
public:
    Vault() = default;
    // As it was: what cookies() gave.
    explicit Vault(std::vector<VaultCookie> cookies) : cookies_(std::move(cookies)) {}

    [[nodiscard]] const std::vector<VaultCookie>& cookies() const { return cookies_; }

    // Applies one Set-Cookie line of an answer to a request for `from`.
    // A line that a browser would ignore changes nothing. Returns false when the limits leave no
    // room: the cookie is not kept and what was there stays.
    bool apply(std::string_view line, const Destination& from, policy::Instant now,
               const VaultLimits& limits);

    // `name=value; name=value`, longer paths first, older first among equals; empty when nothing
    // matches.
    [[nodiscard]] std::string header(const Destination& to, policy::Instant now) const;

    [[nodiscard]] bool holds(std::string_view name) const;
    [[nodiscard]] bool empty() const { return cookies_.empty(); }
    [[nodiscard]] std::size_t size() const { return cookies_.size(); }
    [[nodiscard]] std::size_t bytes() const;
    void clear() { cookies_.clear(); }

    bool operator==(const Vault&) const = default;

private:
    bool put(VaultCookie cookie, policy::Instant now, const VaultLimits& limits);

    std::vector<VaultCookie> cookies_;  // In the order in which they were first set.
};

}  // namespace session
