#include "config/decode.h"
#include "config/decode_crossing.h"
#include "config/rows.h"
#include "policy/http/authority.h"

namespace config {

namespace {

using policy::CookieMode;

constexpr Range<policy::Duration> kTimeouts{std::chrono::milliseconds(10), std::chrono::hours(1)};

constexpr Choices<CookieMode, 5> kCookieModes{{{"vault", CookieMode::Vault},
                                               {"harden", CookieMode::Harden},
                                               {"readable", CookieMode::Readable},
                                               {"pass", CookieMode::Pass},
                                               {"drop", CookieMode::Drop}}};

std::optional<policy::ServerAddress> parse_server(std::string_view url) {
    constexpr std::string_view kScheme = "http://";
    if (!url.starts_with(kScheme)) return std::nullopt;
    const auto authority = policy::parse_authority(url.substr(kScheme.size()));
    if (!authority) return std::nullopt;
    auto host = authority->host.text();
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    return policy::ServerAddress{std::move(host), authority->port.value_or(80)};
}

void decode_server(const Value& value, BackendDraft& draft) {
    const auto url = value.text();
    if (!url) return;
    if (url->starts_with("https://")) {
        value.complain("uses https, which is not supported yet");
        return;
    }
    auto address = parse_server(*url);
    if (!address) {
        value.complain("must be `http://host:port` and nothing behind it");
        return;
    }
    draft.backend.servers.push_back(*address);
    draft.servers.push_back({std::move(*address), value.place()});
}

void decode_servers(const Value& value, BackendDraft& draft) {
    bool is_empty = true;
    value.each_item([&](const Value& item) {
        is_empty = false;
        decode_server(item, draft);
    });
    if (value.is_list() && is_empty) value.complain("needs at least one server");
}

void decode_cookie_rule(const Value& value, policy::CookieRules& cookies) {
    policy::CookieRule rule;
    value.read_keys({
        {"name", text_into(rule.name), Need::Required},
        {"mode", choice_into(rule.mode, kCookieModes), Need::Required},
    });
    cookies.rules.push_back(std::move(rule));
}

void decode_cookies(const Value& value, policy::CookieRules& cookies) {
    value.read_keys({
        {"default", choice_into(cookies.otherwise, kCookieModes)},
        {"rules",
         [&](const Value& rules) {
             rules.each_item([&](const Value& rule) { decode_cookie_rule(rule, cookies); });
         }},
    });
}

void decode_backend(const Value& value, Draft& draft) {
    BackendDraft entry;
    entry.place = value.place();
    auto& backend = entry.backend;
    backend.name = policy::BackendName(std::string(value.key()));
    backend.index = draft.backends.size();
    check_name(value);
    value.read_keys({
        {"servers", [&](const Value& part) { decode_servers(part, entry); }, Need::Required},
        {"cookies", [&](const Value& part) { decode_cookies(part, backend.cookies); }},
        {"host", [&](const Value& part) { decode_backend_host(part, backend.crossing); }},
        {"paths", [&](const Value& part) { decode_path_mapping(part, entry); }},
        {"location", rewriting_into(backend.crossing.location)},
        {"own_origins", [&](const Value& part) { decode_own_origins(part, backend.crossing); }},
        {"origin", rewriting_into(backend.crossing.origin)},
        {"connect_timeout", duration_into(backend.connect_timeout, kTimeouts)},
        {"response_timeout", duration_into(backend.response_timeout, kTimeouts)},
        {"idle_timeout", duration_into(backend.idle_timeout, kTimeouts)},
        {"max_idle", count_into(backend.max_idle, {0, 10'000})},
        {"insecure_plaintext", reason_into(entry.insecure_plaintext)},
    });
    draft.backends.push_back(std::move(entry));
}

}  // namespace

void decode_backends(const Value& value, Draft& draft) {
    value.each_entry([&draft](const Value& entry) { decode_backend(entry, draft); });
}

}  // namespace config
