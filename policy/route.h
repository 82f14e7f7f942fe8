#pragma once

// Routes: which backend a request goes to and what it must bring. No route, no request (CFG-002).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "policy/backend.h"
#include "policy/base/time.h"
#include "policy/http/authority.h"
#include "policy/http/target.h"
#include "policy/login_rule.h"

namespace policy {

struct PathMatch {
    enum class Kind : std::uint8_t { Prefix, Exact };
    Kind kind = Kind::Prefix;
    std::string text = "/";

    [[nodiscard]] bool covers(const NormalPath& path) const;
};

struct Requirement {
    enum class Who : std::uint8_t { Anyone, AnyUser, Nobody };
    Who who = Who::Anyone;
    std::optional<Duration> authenticated_within;  // Only with AnyUser.
    std::vector<std::string> groups;               // Only with AnyUser: any of these, if any.
};

enum class IdentityField : std::uint8_t { User, Groups, Session, AuthenticatedAt };

struct IdentityHeader {
    std::string name;
    IdentityField field = IdentityField::User;
};

// Where a client carries its session (SID-003): never in both.
enum class Transport : std::uint8_t {
    Cookie,
    Header,  // For clients that are no browsers.
};

struct Route {
    std::string name;  // Host and path, for the audit.
    std::string rule;  // `file:line` for the audit.
    std::string host;  // Canonical.
    PathMatch path;
    Requirement require;
    std::shared_ptr<const Backend> backend;
    std::shared_ptr<const LoginRule> login;  // Null when the backend's login is not observed.
    std::vector<IdentityHeader> identity;
    Transport transport = Transport::Cookie;
    bool is_activity = true;    // Whether requests keep the session from going idle (LIF-006).
    bool is_cacheable = false;  // Answers to users go out as the backend marks them (CKI-010).
};

class RouteTable {
public:
    RouteTable() = default;
    explicit RouteTable(std::vector<Route> routes);

    // The first route of that host, in the order of the policy file, whose path covers the
    // target's. A target that a backend may fold into the path of another route, one that requires
    // something, is refused (HTP-011). Errors: UnknownHost, NoRoute, AmbiguousPath.
    [[nodiscard]] Result<const Route*> find(const HostName& host, const Target& target) const;

    // One route of each host and backend behind which the login of that name is observed.
    [[nodiscard]] std::vector<const Route*> with_login(std::string_view login) const;

    [[nodiscard]] bool has_host(const HostName& host) const;

    // True when a backend of `domain`, or of a host below it, lets browsers hold cookies of this
    // name.
    [[nodiscard]] bool releases(std::string_view domain, std::string_view cookie_name) const;

private:
    std::unordered_map<std::string, std::vector<Route>> by_host_;
};

}  // namespace policy
