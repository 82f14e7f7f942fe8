#pragma once

// A policy that was read but not yet checked as a whole: names that refer to other sections stay
// names, and everything that a later check may complain about remembers its place.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/report.h"
#include "config/settings.h"
#include "policy/http/target.h"

namespace config {

struct PlacedText {
    std::string text;
    Place place;
};

struct PlacedFile {
    std::filesystem::path file;
    Place place;
};

// A path that rules match on. The canonical form exists only when it was readable.
struct PlacedPath {
    std::optional<policy::NormalPath> path;
    Place place;
};

struct CookieKeyDraft {
    PlacedText id;
    PlacedFile file;
};

struct ServerDraft {
    policy::ServerAddress address;
    Place place;
};

struct BackendDraft {
    Place place;
    policy::Backend backend;
    std::vector<ServerDraft> servers;
    std::optional<std::string> insecure_plaintext;  // The reason.
};

struct LoginDraft {
    Place place;
    policy::LoginRule rule;
    PlacedPath page;
    // One for each pattern of the rule; without a path when it is a glob.
    std::vector<PlacedPath> when;
    std::vector<PlacedPath> logouts;
    std::vector<PlacedPath> others;
    std::optional<PlacedFile> groups;
};

struct PathDraft {
    Place place;
    policy::PathMatch::Kind kind = policy::PathMatch::Kind::Prefix;
    std::optional<policy::NormalPath> path;
    policy::Requirement require;
    policy::Transport transport = policy::Transport::Cookie;
    bool is_activity = true;
    bool is_cacheable = false;
};

struct RouteDraft {
    Place place;
    std::string host;  // Canonical; empty when it was not readable.
    std::vector<PathDraft> paths;
    PlacedText backend;
    std::optional<PlacedText> login;
    std::vector<policy::IdentityHeader> identity;
};

struct Draft {
    Settings settings;  // What needs no look at other sections is in its final place.
    std::vector<Place> listeners;
    Place store;
    std::optional<PlacedFile> redis_password;
    std::optional<PlacedFile> sentinel_password;
    std::optional<std::string> redis_plaintext;  // The reason.
    std::optional<PlacedFile> sql_password;
    std::optional<std::string> sql_plaintext;  // The same.
    std::vector<PlacedFile> certificates;
    std::vector<PlacedFile> tls_keys;
    std::vector<CookieKeyDraft> cookie_keys;
    std::vector<BackendDraft> backends;
    std::vector<LoginDraft> logins;
    std::vector<RouteDraft> routes;
};

}  // namespace config
