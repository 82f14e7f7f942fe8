// Where sessions are kept.

#include "config/decode.h"
#include "config/decode_redis.h"
#include "config/decode_sql.h"
#include "config/rows.h"

namespace config {

namespace {

void decode_memory(const Value& value, session::MemoryLimits& memory) {
    constexpr Range<std::uint64_t> kSessions{1, 100'000'000};
    value.read_keys({
        {"max_sessions", count_into(memory.sessions, kSessions)},
        {"max_anonymous", count_into(memory.strangers, {0, kSessions.most})},
        {"max_anonymous_per_network", count_into(memory.strangers_per_network, kSessions)},
    });
    memory.tombstones = memory.sessions;
    if (memory.strangers <= memory.sessions) return;
    if (value.find("max_anonymous")) {
        value.report().add(value.place_of("max_anonymous"), "is more than max_sessions");
    }
    memory.strangers = memory.sessions - memory.sessions / 10;
}

void decode_sealed(const Value& value, SealedSettings& sealed) {
    constexpr Range<std::uint64_t> kCounts{1, 10'000'000};
    value.read_keys({
        {"max_in_use", count_into(sealed.limits.in_use, kCounts)},
        {"deny_list", count_into(sealed.limits.denied, kCounts)},
        {"insecure_survives_restart", reason_into(sealed.survives_restart)},
    });
}

}  // namespace

void decode_store(const Value& value, Draft& draft) {
    auto& settings = draft.settings;
    if (!value.is_map()) {
        constexpr std::array<std::string_view, 2> kStores{"memory", "cookie"};
        if (value.choice(kStores) == 1U) settings.sealed.emplace();
        return;
    }
    value.read_keys({
        {"memory", [&](const Value& part) { decode_memory(part, settings.memory); }},
        {"cookie", [&](const Value& part) { decode_sealed(part, settings.sealed.emplace()); }},
        {"redis", [&](const Value& part) { decode_redis(part, draft); }},
        {"sql", [&](const Value& part) { decode_sql(part, draft); }},
    });
    if (value.count() != 1) value.complain("must be one store: memory, cookie, redis or sql");
}

}  // namespace config
