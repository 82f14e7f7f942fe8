#pragma once

// The request target, read once (RFC 9112 §3.2): routes and rules see the canonical path, the
// backend gets the very bytes that it was derived from (HTP-011, IDF-006).

#include <optional>
#include <string>
#include <string_view>

#include "policy/base/result.h"

namespace policy {

// A path that has one reading: percent-decoded once, begins with `/`, without dot segments, NUL,
// control bytes, backslashes or encoded separators. Only parse_target makes one.
class NormalPath {
public:
    [[nodiscard]] const std::string& text() const { return text_; }

    // True when the path is `prefix` itself or continues it at a segment boundary: `/app` covers
    // `/app` and `/app/x`, not `/application`. A prefix that ends in `/` covers what lies below.
    [[nodiscard]] bool is_under(std::string_view prefix) const;

private:
    NormalPath() = default;
    friend Result<struct Target> parse_target(std::string_view raw);
    std::string text_;
};

struct Target {
    NormalPath path;
    std::string_view query;      // Raw, without `?`; empty when there is none.
    std::string_view origin;     // The origin-form to forward: path and query as received.
    std::string_view raw_path;   // The path within `origin`, undecoded.
    std::string_view authority;  // Of an absolute-form target, raw; else empty.

    // Set when the path holds an empty segment (`//`), a path parameter (`;`) or a segment that
    // ends in a blank or dot: the path without them, which is what some backends serve instead.
    // Routes that require something refuse both.
    std::optional<NormalPath> folded;

    [[nodiscard]] bool is_ambiguous() const { return folded.has_value(); }
};

// Accepts origin-form and absolute-form (http and https). Refuses `#`, bytes outside visible
// ASCII, malformed or doubled percent-encoding, encoded `/`, `\`, NUL and controls, raw `\`, and
// dot segments in any spelling. Views point into `raw`.
// Errors: BadTarget (syntax), AmbiguousPath (more than one reading).
[[nodiscard]] Result<Target> parse_target(std::string_view raw);

}  // namespace policy
