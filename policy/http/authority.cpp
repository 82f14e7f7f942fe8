#include "policy/http/authority.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/http/network.h"

namespace policy {

namespace {

constexpr auto kNone = std::string_view::npos;

struct Parts {
    std::string_view host;  // With its brackets, if it has any.
    std::optional<std::string_view> port;
};

// The colon before a port is the first one behind the host, which only brackets may hide.
Parts split(std::string_view text) {
    const auto bracket = text.starts_with('[') ? text.find(']') : 0;
    const auto colon = text.find(':', bracket == kNone ? 0 : bracket);
    if (colon == kNone) return {text, std::nullopt};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    const auto number = parse_decimal(text);
    if (!number || *number == 0 || *number > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

bool is_label_char(char c) {
    const char lower = ascii_lower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool is_label(std::string_view text) {
    return !text.empty() && text.size() <= 63 &&
           std::all_of(text.begin(), text.end(), is_label_char);
}

// A last label that begins with a digit makes an address for some resolvers (`127.1`, `0x7f.1`)
// and a name for others: only the four-part form passes.
bool is_address_or_name(std::string_view name) {
    const auto last = name.substr(name.rfind('.') + 1);
    return last.front() < '0' || last.front() > '9' || IpAddress::parse(name).has_value();
}

// Stricter than RFC 3986 reg-name: letters, digits, `-` and `_` in dotted labels.
std::optional<std::string> canonical_name(std::string_view text) {
    if (text.ends_with('.')) text.remove_suffix(1);
    if (text.empty() || text.size() > 253) return std::nullopt;
    for (auto rest = text;;) {
        const auto dot = rest.find('.');
        if (!is_label(rest.substr(0, dot))) return std::nullopt;
        if (dot == kNone) break;
        rest.remove_prefix(dot + 1);
    }
    if (!is_address_or_name(text)) return std::nullopt;
    return ascii_lower(text);
}

std::optional<std::string> canonical_host(std::string_view text) {
    if (!text.starts_with('[')) return canonical_name(text);
    if (!text.ends_with(']')) return std::nullopt;
    const auto address = IpAddress::parse(text.substr(1, text.size() - 2));
    if (!address || address->is_v4()) return std::nullopt;
    return "[" + address->text() + "]";
}

}  // namespace

Result<Authority> parse_authority(std::string_view text) {
    const auto parts = split(text);
    auto host = canonical_host(parts.host);
    if (!host) return fail(Reason::BadHost);

    Authority authority{HostName(), std::nullopt};
    authority.host.text_ = std::move(*host);
    if (parts.port) {
        authority.port = parse_port(*parts.port);
        if (!authority.port) return fail(Reason::BadHost);
    }
    return authority;
}

Result<Authority> request_authority(const RequestHead& head, std::string_view target_authority) {
    if (head.fields.count("Host") != 1) return fail(Reason::BadHost);
    // Read even when the target wins: the fault is refused wherever it stands.
    auto from_host = parse_authority(head.fields.find("Host")->value);
    if (!from_host || target_authority.empty()) return from_host;
    return parse_authority(target_authority);
}

}  // namespace policy
