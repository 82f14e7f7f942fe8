#pragma once

// One application under two paths: browsers, routes, rules and the audit know the public one, the
// backend its own.

#include <optional>
#include <string>
#include <string_view>

#include "policy/base/arena.h"
#include "policy/base/result.h"

namespace policy {

// Prefixes have no slash at their end, so that the root is empty, and no character that needs
// encoding. Both ends of a prefix are segment boundaries: `/wiki` is not the beginning of `/wikis`.
struct PathMapping {
    std::string public_prefix;
    std::string backend_prefix;

    [[nodiscard]] bool changes_nothing() const { return public_prefix == backend_prefix; }

    // The target that the backend is sent: `target` is in origin-form and was read by
    // parse_target(); what follows the prefix stays byte for byte.
    // Errors: NoRoute (not under the public prefix), AmbiguousPath (what is left begins with `//`,
    // which some read as a host).
    [[nodiscard]] Result<std::string_view> to_backend(std::string_view target, Arena& arena) const;

    // The path that browsers use for `path` (no query); nothing when it lies outside of what can be
    // reached from there.
    [[nodiscard]] std::optional<std::string_view> to_public(std::string_view path,
                                                            Arena& arena) const;

    [[nodiscard]] bool is_public(std::string_view path) const;
};

}  // namespace policy
