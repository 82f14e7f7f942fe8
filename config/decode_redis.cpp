#include "config/decode_redis.h"

#include <algorithm>

#include "config/redis_url.h"
#include "config/rows.h"

namespace config {

namespace {

using session::OnOutage;
using session::redis::Kind;

constexpr Choices<OnOutage, 2> kOutageModes{
    {{"deny", OnOutage::Deny}, {"cached", OnOutage::Cached}}};
constexpr Range<policy::Duration> kTimeouts{std::chrono::milliseconds(10), std::chrono::minutes(1)};

using Settings = session::redis::Settings;

void decode_url(const Value& value, Settings& redis) {
    const auto text = value.text();
    if (!text) return;
    const auto url = parse_redis_url(*text);
    if (!url) return value.complain(url.error());
    redis.addresses = {url->address};
    redis.database = url->database;
    if (url->is_tls && !redis.tls) redis.tls.emplace();
}

// Sentinels, or some nodes of a cluster.
void decode_addresses(const Value& value, Kind kind, Settings& redis) {
    redis.kind = kind;
    value.each_item([&](const Value& item) {
        const auto text = item.text();
        if (!text) return;
        if (auto address = parse_redis_address(*text)) return redis.addresses.push_back(*address);
        item.complain("must be `host:port`");
    });
    if (value.is_list() && value.is_empty()) value.complain("needs at least one address");
}

void decode_tls(const Value& value, Draft& draft) {
    auto& redis = *draft.settings.redis;
    if (!redis.tls) redis.tls.emplace();
    auto& tls = *redis.tls;
    const auto placed = [](std::vector<PlacedFile>& files, const Value& part,
                           std::filesystem::path& target) {
        const auto file = part.file();
        if (!file) return;
        target = *file;
        files.push_back({*file, part.place()});
    };
    value.read_keys({
        {"ca", [&](const Value& part) { placed(draft.certificates, part, tls.ca); }},
        {"server_name", text_into(tls.server_name)},
        {"certificate",
         [&](const Value& part) { placed(draft.certificates, part, tls.certificate); }},
        {"key", [&](const Value& part) { placed(draft.tls_keys, part, tls.key); }},
    });
    if (tls.certificate.empty() != tls.key.empty())
        value.complain("needs both a certificate and its key, or none of them");
}

[[nodiscard]] Row password_into(std::optional<PlacedFile>& target) {
    return [&target](const Value& value) {
        if (auto file = value.file()) target = {std::move(*file), value.place()};
    };
}

// In a cluster braces choose where a key is; in patterns of others the rest has a meaning.
void decode_prefix(const Value& value, std::string& prefix) {
    constexpr std::size_t kLongest = 64;
    auto text = value.text();
    if (!text) return;
    const bool is_plain = text->find_first_of("{}*?[]\\ ") == std::string::npos;
    if (!is_plain || text->size() > kLongest)
        value.complain(
            "must be 1 to 64 characters other than `{`, `}`, `*`, `?`, `[`, `]`, `\\` "
            "and blanks");
    prefix = std::move(*text);
}

void decode_sentinel_account(const Value& value, Draft& draft) {
    value.read_keys({
        {"user", text_into(draft.settings.redis->sentinel_account.user)},
        {"password_file", password_into(draft.sentinel_password), Need::Required},
    });
}

std::vector<Key> server_keys(Draft& draft) {
    auto& redis = *draft.settings.redis;
    const auto addresses = [&redis](Kind kind) {
        return [&redis, kind](const Value& part) { decode_addresses(part, kind, redis); };
    };
    return {
        {"url", [&redis](const Value& part) { decode_url(part, redis); }},
        {"sentinels", addresses(Kind::Sentinel)},
        {"primary", text_into(redis.primary)},
        {"cluster", addresses(Kind::Cluster)},
        {"tls", [&draft](const Value& part) { decode_tls(part, draft); }},
        {"user", text_into(redis.account.user)},
        {"password_file", password_into(draft.redis_password)},
        {"sentinel_account", [&draft](const Value& part) { decode_sentinel_account(part, draft); }},
        {"insecure_plaintext", reason_into(draft.redis_plaintext)},
    };
}

void check_servers(const Value& value, const Settings& redis) {
    const auto has = [&](std::string_view key) { return value.find(key).has_value(); };
    if (int{has("url")} + int{has("sentinels")} + int{has("cluster")} != 1)
        value.complain("must have one of `url`, `sentinels` and `cluster`");
    if (has("sentinels") != has("primary"))
        value.complain("needs `sentinels` and the name of the `primary` that they watch together");
    if (!redis.account.user.empty() && !has("password_file"))
        value.complain("has a `user` and no `password_file`");
}

}  // namespace

std::vector<Key> outage_keys(session::SharedSettings& shared) {
    return {
        {"outage_mode", choice_into(shared.on_outage, kOutageModes)},
        {"outage_cache_ttl",
         duration_into(shared.cached_for, {std::chrono::seconds(1), std::chrono::minutes(1)})},
        {"outage_cache_sessions", count_into(shared.remembered, {100, 1'000'000})},
    };
}

void decode_redis(const Value& value, Draft& draft) {
    auto& redis = draft.settings.redis.emplace();
    auto keys = server_keys(draft);
    for (auto& key : outage_keys(draft.settings.shared)) keys.push_back(std::move(key));
    keys.insert(
        keys.end(),
        {{"database", count_into(redis.database, {0, 1'000'000})},
         {"key_prefix", [&](const Value& part) { decode_prefix(part, redis.prefix); }},
         {"timeout", duration_into(redis.timeout, kTimeouts)},
         {"replicas", count_into(redis.replicas, {0, 16})},
         {"max_anonymous_per_network", count_into(redis.strangers_per_network, {1, 100'000'000})}});
    value.read_keys(keys);
    if (!value.is_map()) return;
    check_servers(value, redis);
    if (redis.kind == Kind::Cluster && redis.database != 0)
        value.complain("has a `database`, of which a cluster has only 0");
}

}  // namespace config
