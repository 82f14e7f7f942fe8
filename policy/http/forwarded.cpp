#include "policy/http/forwarded.h"

#include <algorithm>
#include <optional>
#include <string>

#include "policy/base/text.h"

namespace policy {
namespace {

constexpr std::size_t kMostEntries = 32;

// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`
std::optional<IpAddress> parse_node(std::string_view text) {
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        port = text.substr(end + 1);
        text = text.substr(1, end - 1);
        if (text.find(':') == std::string_view::npos) return std::nullopt;
    } else if (std::count(text.begin(), text.end(), ':') == 1) {
        port = text.substr(text.find(':'));
        text = text.substr(0, text.find(':'));
    }
    if (!port.empty()) {
        const auto number = parse_decimal(port.substr(1));
        if (!port.starts_with(':') || !number || *number > 65535) return std::nullopt;
    }
    return IpAddress::parse(text);
}

// Splits at `separator` outside of quoted strings (RFC 9110 §5.6.4); false when one stays open.
template <class Take>
bool split_quoted(std::string_view text, char separator, Take take) {
    std::size_t begin = 0;
    bool is_quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_quoted && text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            is_quoted = !is_quoted;
        } else if (text[i] == separator && !is_quoted) {
            take(trim(text.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    take(trim(text.substr(begin)));
    return !is_quoted;
}

std::string unquoted(std::string_view value) {
    if (value.size() < 2 || !value.starts_with('"') || !value.ends_with('"'))
        return std::string(value);
    std::string text;
    for (std::size_t i = 1; i + 1 < value.size(); ++i) {
        if (value[i] == '\\' && i + 2 < value.size()) ++i;
        text += value[i];
    }
    return text;
}

// The node of `for`, which must be there once.
std::string for_of(std::string_view element) {
    std::string node;
    std::size_t seen = 0;
    const bool is_whole = split_quoted(element, ';', [&](std::string_view pair) {
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos ||
            !equals_ignoring_case(pair.substr(0, equals), "for"))
            return;
        node = unquoted(pair.substr(equals + 1));
        ++seen;
    });
    return is_whole && seen == 1 ? node : std::string();
}

// From left to right; what cannot be read is an empty text.
std::vector<std::string> nodes_of(const FieldList& fields, ForwardHeader header) {
    const bool is_standard = header == ForwardHeader::Forwarded;
    const std::string_view wanted = is_standard ? "Forwarded" : "X-Forwarded-For";
    std::vector<std::string> nodes;
    for (const auto& [name, value] : fields) {
        if (!equals_ignoring_case(name, wanted)) continue;
        const bool is_whole = split_quoted(value, ',', [&](std::string_view element) {
            nodes.push_back(is_standard ? for_of(element) : std::string(element));
        });
        if (!is_whole) nodes.emplace_back();
    }
    return nodes;
}

}  // namespace

bool TrustedProxies::contains(const IpAddress& address) const {
    return std::any_of(networks.begin(), networks.end(), [&](const Network& network) {
        return network.address.is_v4() == address.is_v4() &&
               address.masked(network.bits) == network.address;
    });
}

Result<IpAddress> client_address(const TrustedProxies& proxies, const FieldList& fields,
                                 const IpAddress& peer) {
    if (proxies.header == ForwardHeader::None || !proxies.contains(peer)) return peer;
    const auto nodes = nodes_of(fields, proxies.header);
    if (nodes.size() > kMostEntries) return fail(Reason::BadForwarded);
    auto client = peer;
    for (auto node = nodes.rbegin(); node != nodes.rend() && proxies.contains(client); ++node) {
        const auto address = parse_node(*node);
        if (!address) return fail(Reason::BadForwarded);
        client = *address;
    }
    return client;
}

}  // namespace policy
