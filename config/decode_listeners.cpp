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
    });
    draft.settings.listeners.push_back(std::move(listener));
    draft.listeners.push_back(value.place_of("address"));
}

}  // namespace

void decode_listeners(const Value& value, Draft& draft) {
    value.each_item([&draft](const Value& item) { decode_listener(item, draft); });
    if (value.is_list() && draft.listeners.empty()) value.complain("needs at least one listener");
}

}  // namespace config
