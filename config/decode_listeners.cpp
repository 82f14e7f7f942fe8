#include "config/decode.h"
#include "config/rows.h"
#include "policy/base/text.h"
#include "policy/http/network.h"

namespace config {

namespace {

struct Endpoint {
    std::string host;
    std::uint16_t port = 0;
};

// `1.2.3.4:443` or `[::]:443`. Names are refused: what they resolve to is not in the policy.
std::optional<Endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port = policy::parse_decimal(text.substr(colon + 1));
    if (!port || *port > 65535) return std::nullopt;

    auto host = text.substr(0, colon);
    const bool has_brackets = host.starts_with('[') && host.ends_with(']');
    if (has_brackets) host = host.substr(1, host.size() - 2);
    const auto address = policy::IpAddress::parse(host);
    const bool is_v6_text = host.find(':') != std::string_view::npos;
    if (!address || has_brackets != is_v6_text) return std::nullopt;
    return Endpoint{address->text(), static_cast<std::uint16_t>(*port)};
}

constexpr Choices<bool, 2> kProxyProtocol{{{"required", true}, {"off", false}}};
constexpr Choices<policy::ForwardHeader, 3> kForwardHeaders{
    {{"none", policy::ForwardHeader::None},
     {"x-forwarded-for", policy::ForwardHeader::XForwardedFor},
     {"forwarded", policy::ForwardHeader::Forwarded}}};

// `10.1.2.0/24`, or an address alone. Whoever lies in it is believed, so it must be small.
void decode_proxy(const Value& value, std::vector<policy::Network>& networks) {
    constexpr std::uint64_t kWidestV4 = 8, kWidestV6 = 16;
    const auto text = value.text();
    if (!text) return;
    const std::string_view whole = *text;
    const auto slash = whole.find('/');
    const auto address = policy::IpAddress::parse(whole.substr(0, slash));
    const std::uint64_t most = address && !address->is_v4() ? 128 : 32;
    const auto bits = slash == std::string_view::npos
                          ? std::optional(most)
                          : policy::parse_decimal(whole.substr(slash + 1));
    if (!address || !bits || *bits > most)
        return value.complain("must be an address or a network, as in `10.1.2.0/24`");
    if (*bits < (most == 32 ? kWidestV4 : kWidestV6))
        return value.complain("is half the world: anybody could say where requests come from");
    const auto kept = static_cast<unsigned>(*bits);
    if (address->masked(kept) != *address)
        return value.complain("has bits beyond its prefix; meant is " +
                              policy::Network{address->masked(kept), kept}.text());
    networks.push_back({*address, kept});
}

void decode_proxies(const Value& value, std::vector<policy::Network>& networks) {
    value.each_item([&](const Value& item) { decode_proxy(item, networks); });
}

void decode_address(const Value& value, ListenerSettings& listener) {
    const auto text = value.text();
    if (!text) return;
    auto endpoint = parse_endpoint(*text);
    if (!endpoint) {
        value.complain("must be an IP address with a port, as in `0.0.0.0:443` or `[::]:443`");
        return;
    }
    listener.host = std::move(endpoint->host);
    listener.port = endpoint->port;
}

Row placed_file_into(std::filesystem::path& target, std::vector<PlacedFile>& files) {
    return [&target, &files](const Value& value) {
        auto file = value.file();
        if (!file) return;
        target = *file;
        files.push_back({std::move(*file), value.place()});
    };
}

void decode_tls(const Value& value, TlsSettings& tls, Draft& draft) {
    value.read_keys({
        {"certificate", placed_file_into(tls.certificate, draft.certificates), Need::Required},
        {"key", placed_file_into(tls.key, draft.tls_keys), Need::Required},
    });
}

void decode_listener(const Value& value, Draft& draft) {
    ListenerSettings listener;
    value.read_keys({
        {"address", [&](const Value& address) { decode_address(address, listener); },
         Need::Required},
        {"tls", [&](const Value& tls) { decode_tls(tls, listener.tls, draft); }, Need::Required},
        {"proxy_protocol", choice_into(listener.expects_proxy_header, kProxyProtocol)},
    });
    draft.settings.listeners.push_back(std::move(listener));
    draft.listeners.push_back(value.place_of("address"));
}

}  // namespace

// A list of networks, or `{ networks, header }`.
void decode_trusted_proxies(const Value& value, Draft& draft) {
    auto& proxies = draft.settings.trusted_proxies;
    if (!value.is_map()) return decode_proxies(value, proxies.networks);
    value.read_keys({
        {"networks", [&](const Value& part) { decode_proxies(part, proxies.networks); },
         Need::Required},
        {"header", choice_into(proxies.header, kForwardHeaders)},
    });
}

void decode_listeners(const Value& value, Draft& draft) {
    value.each_item([&draft](const Value& item) { decode_listener(item, draft); });
    if (value.is_list() && draft.listeners.empty()) value.complain("needs at least one listener");
}

}  // namespace config
