#include "policy/http/target.h"

#include <algorithm>
#include <cstdint>

#include "policy/base/text.h"

namespace policy {

namespace {

constexpr auto kNone = std::string_view::npos;

struct Parts {
    std::string_view authority;
    std::string_view origin;
    std::string_view path;
    std::string_view query;
};

bool is_target_byte(char c) {
    return c > ' ' && c < '\x7f' && c != '#';
}

std::size_t scheme_size(std::string_view raw) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (equals_ignoring_case(raw.substr(0, scheme.size()), scheme)) return scheme.size();
    }
    return 0;
}

// RFC 9112 §3.2.1 and §3.2.2. An absolute form without a path means `/` (RFC 9110 §4.2.3).
Result<Parts> split(std::string_view raw) {
    Parts parts;
    parts.origin = raw;
    if (!raw.starts_with('/')) {
        const auto scheme = scheme_size(raw);
        if (scheme == 0) return fail(Reason::BadTarget);
        const auto rest = raw.substr(scheme);
        parts.authority = rest.substr(0, rest.find_first_of("/?"));
        if (parts.authority.empty()) return fail(Reason::BadTarget);
        parts.origin = rest.substr(parts.authority.size());
        if (parts.origin.empty()) parts.origin = "/";
        if (!parts.origin.starts_with('/')) return fail(Reason::BadTarget);
    }
    const auto mark = parts.origin.find('?');
    parts.path = parts.origin.substr(0, mark);
    if (mark != kNone) parts.query = parts.origin.substr(mark + 1);
    return parts;
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<std::uint8_t>(c);
        return byte < ' ' || byte == 0x7F;
    });
}

// What is left after one decoding can be decoded again.
bool is_encoded_twice(std::string_view decoded) {
    for (auto at = decoded.find('%'); at != kNone; at = decoded.find('%', at + 1)) {
        if (percent_decode(decoded.substr(at, 3))) return true;
    }
    return false;
}

// Lenient UTF-8 decoders make `/` or `.` out of overlong forms such as %C0%AF.
bool has_overlong_utf8(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto lead = static_cast<std::uint8_t>(text[i]);
        const auto next = static_cast<std::uint8_t>(text[i + 1]);
        const bool continues = next >= 0x80 && next < 0xC0;
        if (continues && (lead == 0xC0 || lead == 0xC1)) return true;
        if (continues && lead == 0xE0 && next < 0xA0) return true;
        if (continues && lead == 0xF0 && next < 0x90) return true;
    }
    return false;
}

// Also `..;x`, which servlet containers read as `..`.
bool has_dot_segment(std::string_view path) {
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto segment = path.substr(0, path.find('/'));
        const auto name = segment.substr(0, segment.find(';'));
        if (name == "." || name == "..") return true;
        path.remove_prefix(segment.size());
    }
    return false;
}

bool has_encoded_separator(std::string_view raw, std::string_view decoded) {
    return decoded.find('\\') != kNone || std::count(decoded.begin(), decoded.end(), '/') !=
                                              std::count(raw.begin(), raw.end(), '/');
}

bool has_second_reading(std::string_view raw, std::string_view decoded) {
    return has_control(decoded) || has_encoded_separator(raw, decoded) ||
           is_encoded_twice(decoded) || has_overlong_utf8(decoded);
}

// The path decoded once, or the reason why that has more than one reading.
Result<std::string> canonical_path(std::string_view raw) {
    if (raw.find('\\') != kNone) return fail(Reason::AmbiguousPath);
    auto decoded = percent_decode(raw);
    if (!decoded) return fail(Reason::BadTarget);
    const bool is_encoded = decoded->size() != raw.size();
    if (is_encoded && has_second_reading(raw, *decoded)) return fail(Reason::AmbiguousPath);
    if (has_dot_segment(*decoded)) return fail(Reason::AmbiguousPath);
    return std::move(*decoded);
}

// Without empty segments, path parameters, and the blanks and dots at the end of a segment that
// Windows drops; a trailing slash stays.
std::string fold(std::string_view path) {
    std::string folded;
    for (std::size_t at = 0; at < path.size();) {
        const auto segment = path.substr(at + 1, path.find('/', at + 1) - at - 1);
        auto name = segment.substr(0, segment.find(';'));
        while (name.ends_with(' ') || name.ends_with('.')) name.remove_suffix(1);
        if (!name.empty()) folded.append("/").append(name);
        at += 1 + segment.size();
    }
    if (folded.empty() || path.ends_with('/')) folded.push_back('/');
    return folded;
}

}  // namespace

bool NormalPath::is_under(std::string_view prefix) const {
    if (!text_.starts_with(prefix)) return false;
    return text_.size() == prefix.size() || prefix.ends_with('/') || text_[prefix.size()] == '/';
}

Result<Target> parse_target(std::string_view raw) {
    if (!std::all_of(raw.begin(), raw.end(), is_target_byte)) return fail(Reason::BadTarget);
    const auto parts = split(raw);
    if (!parts) return tl::unexpected(parts.error());
    auto path = canonical_path(parts->path);
    if (!path) return tl::unexpected(path.error());

    Target target{NormalPath(),   parts->query,     parts->origin,
                  parts->path, parts->authority, {}};
    if (auto folded = fold(*path); folded != *path) {
        target.folded = NormalPath();
        target.folded->text_ = std::move(folded);
    }
    target.path.text_ = std::move(*path);
    return target;
}

}  // namespace policy
