#include "config/decode.h"

#include <algorithm>

#include "config/rows.h"
#include "policy/base/text.h"

namespace config {

namespace {

void decode_version(const Value& value) {
    constexpr std::uint64_t kVersion = 1;
    (void)value.count({kVersion, kVersion});
}

bool is_name(std::string_view text) {
    constexpr std::size_t kLongest = 64;
    const auto is_allowed = [](char c) {
        const char lower = policy::ascii_lower(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.';
    };
    return !text.empty() && text.size() <= kLongest &&
           std::all_of(text.begin(), text.end(), is_allowed);
}

// Why `text` cannot be compared with the path of a request; empty when it can.
std::string_view fault_of(std::string_view text, const policy::Result<policy::Target>& target) {
    if (!text.starts_with('/')) return "must begin with `/`";
    if (!target) {
        return "is not a canonical path: no dot segments, no `#`, special characters as %XX";
    }
    if (text.find('?') != std::string_view::npos) return "must not have a query";
    if (target->is_ambiguous())
        return "must not hold `//`, `;` or a segment that ends in a blank or dot";
    return {};
}

}  // namespace

void decode_policy(const Value& root, Draft& draft) {
    const auto into_draft = [&draft](void (*decode)(const Value&, Draft&)) {
        return [&draft, decode](const Value& value) { decode(value, draft); };
    };
    root.read_keys({
        {"version", decode_version, Need::Required},
        {"listeners", into_draft(decode_listeners), Need::Required},
        {"trusted_proxies", into_draft(decode_trusted_proxies)},
        {"limits", into_draft(decode_limits)},
        {"workers", count_into(draft.settings.workers, {1, 256})},
        {"session", into_draft(decode_session), Need::Required},
        {"backends", into_draft(decode_backends), Need::Required},
        {"logins", into_draft(decode_logins)},
        {"routes", into_draft(decode_routes), Need::Required},
        {"detection", into_draft(decode_detection)},
        {"audit", into_draft(decode_audit)},
        {"admin", into_draft(decode_admin)},
    });
}

PlacedPath decode_path(const Value& value) {
    PlacedPath path{std::nullopt, value.place()};
    const auto text = value.text();
    if (!text) return path;
    const auto target = policy::parse_target(*text);
    const auto fault = fault_of(*text, target);
    if (fault.empty()) {
        path.path = target->path;
    } else {
        value.complain(fault);
    }
    return path;
}

std::optional<std::string> decode_target(const Value& value) {
    auto text = value.text();
    if (!text) return std::nullopt;
    const auto target = policy::parse_target(*text);
    if (text->starts_with('/') && target && !target->is_ambiguous()) return text;
    value.complain("must be a canonical path on the same host, as in `/login`");
    return std::nullopt;
}

void check_name(const Value& value) {
    if (is_name(value.key())) return;
    value.complain("has a name that is not 1 to 64 letters, digits, `-`, `_` and `.`");
}

}  // namespace config
