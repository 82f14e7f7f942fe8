#include "session/redis/table.h"

#include <utility>

#include "session/redis/scripts.h"
#include "session/redis/values.h"

namespace session::redis {

using policy::Duration;
using policy::Instant;
using policy::Reason;

namespace {

constexpr Duration kShortest = std::chrono::seconds(1);
constexpr Duration kEpochKept = std::chrono::hours(24 * 400);  // Longer than any session.

// How long a row is kept by itself. Whoever sweeps has ended it long before that.
Duration kept(const Row& row, Instant now) {
    return std::max(kShortest, row.expires + row.idle - now);
}

std::string record_key(const Settings& settings, const SessionKey& key) {
    return settings.prefix + "s:{" + key.handle().text() + "}";
}

policy::Result<Reply> checked(policy::Result<Reply> reply) {
    if (!reply || !reply->is_error()) return reply;
    const auto reason = reply->is_error("OOM") ? Reason::StoreFull : Reason::StoreUnavailable;
    return policy::fail(reason, "redis: " + reply->text);
}

std::vector<std::string> fields_of(const Row& row, Instant now) {
    return {text(row.version), row.record,          row.summary,     text(row.expires),
            text(row.idle),    text(row.last_seen), text(row.begun), row.user,
            row.network,       text(kept(row, now))};
}

std::vector<std::string> burial_arguments(const Settings& settings, const SessionKey& key,
                                          const Burial& burial, Instant now) {
    const Notice notice{key, burial.reason, burial.is_told, {}};
    return {std::string(policy::word(burial.reason)),
            text(std::max(kShortest, burial.keep_until - now)), notices_channel(settings),
            write_notice(notice)};
}

std::vector<std::string> epoch_arguments(const Settings& settings, Instant epoch) {
    const Notice notice{std::nullopt, Reason::None, false, epoch};
    return {text(epoch), text(kEpochKept), notices_channel(settings), write_notice(notice)};
}

}  // namespace

std::string epoch_key(const Settings& settings) {
    return settings.prefix + "epoch";
}

std::string notices_channel(const Settings& settings) {
    return settings.prefix + "notices";
}

std::vector<std::string> commands_again(const Settings& settings, Instant epoch,
                                        const Burials& burials, Instant now) {
    std::vector<std::string> commands;
    if (epoch > Instant())
        commands.push_back(
            epoch_script().by_text(epoch_key(settings), epoch_arguments(settings, epoch)));
    if (!burials.empty()) commands.push_back(bury_script().load());
    for (const auto& [key, burial] : burials)
        commands.push_back(bury_script().by_name(record_key(settings, key),
                                                 burial_arguments(settings, key, burial, now)));
    return commands;
}

std::string RedisTable::key_of(const SessionKey& key) const {
    return record_key(settings_, key);
}

std::string RedisTable::ends_at(std::size_t part) const {
    return settings_.prefix + "ends:{" + std::to_string(part) + "}";
}

std::string RedisTable::ends_of(const SessionKey& key) const {
    return ends_at(key.bytes().front() % kParts);
}

std::string RedisTable::user_key(std::string_view user) const {
    return settings_.prefix + "user:{" + std::string(user) + "}";
}

std::string RedisTable::network_key(std::string_view network) const {
    return settings_.prefix + "net:{" + std::string(network) + "}";
}

Task<policy::Result<Reply>> RedisTable::ask(std::string key, std::string command) {
    auto reply = co_await nodes_.ask(key, std::move(command));
    co_return checked(std::move(reply));
}

Task<policy::Result<Reply>> RedisTable::run(const Script& script, std::string key,
                                            Words arguments) {
    auto reply = co_await nodes_.ask(key, script.by_name(key, arguments));
    if (reply && reply->is_error("NOSCRIPT"))
        reply = co_await nodes_.ask(key, script.by_text(key, arguments));
    co_return checked(std::move(reply));
}

Task<policy::Result<RowLookup>> RedisTable::load(SessionKey key) {
    auto name = key_of(key);
    auto command = format({"HMGET", name, "e", "v", "r", "x", "i", "t", "b"});
    const auto reply = co_await ask(std::move(name), std::move(command));
    if (!reply) co_return tl::unexpected(reply.error());
    if (!reply->is_list_of(7)) co_return unreadable();
    const auto& fields = reply->items;
    if (fields[0].is_text()) {
        const auto reason = policy::reason_of(fields[0].text);
        co_return RowLookup(Ended{reason.value_or(Reason::Revoked)});
    }
    if (fields[1].is_nil()) co_return RowLookup(Missing{});
    Row row;
    const bool is_read = fields[2].is_text() && read(fields[1], row.version) &&
                         read(fields[3], row.expires) && read(fields[4], row.idle) &&
                         read(fields[5], row.last_seen) && read(fields[6], row.begun);
    if (!is_read) co_return unreadable();
    row.record = fields[2].text;
    co_return RowLookup(std::move(row));
}

Task<policy::Result<void>> RedisTable::insert(SessionKey key, Row row, Instant now) {
    const auto deadline = nodes_.deadline();
    if (!row.network.empty()) {
        const auto admitted = co_await admit(key, row, now);
        if (!admitted) co_return admitted;
    }
    if (!row.user.empty()) {
        const auto indexed = co_await index(user_key(row.user), key, row.expires, now);
        if (!indexed) co_return indexed;
    }
    const auto listed = co_await index(ends_of(key), key, row.end(), now);
    if (!listed) co_return listed;
    const auto reply = co_await run(insert_script(), key_of(key), fields_of(row, now));
    if (!reply) co_return tl::unexpected(reply.error());
    if (reply->integer != 1)
        co_return policy::fail(Reason::StoreConflict, "redis: the key was used before");
    if (!row.user.empty()) co_return co_await replicate(key_of(key), deadline);
    co_return policy::ok();
}

Task<policy::Result<void>> RedisTable::admit(SessionKey key, const Row& row, Instant now) {
    Words arguments{key.handle().text(), text(row.expires), text(now),
                    std::to_string(settings_.strangers_per_network), text(kept(row, now))};
    const auto reply = co_await run(admit_script(), network_key(row.network), std::move(arguments));
    if (!reply) co_return tl::unexpected(reply.error());
    if (reply->integer != 1)
        co_return policy::fail(Reason::TooManyStrangers, "redis: network has its share");
    co_return policy::ok();
}

Task<policy::Result<void>> RedisTable::index(std::string index, SessionKey key, Instant end,
                                             Instant now) {
    const auto kept_for = std::max(kShortest, end - now) + std::chrono::hours(1);
    Words arguments{key.handle().text(), text(end), text(kept_for)};
    const auto reply = co_await run(index_script(), std::move(index), std::move(arguments));
    if (!reply) co_return tl::unexpected(reply.error());
    co_return policy::ok();
}

Task<policy::Result<void>> RedisTable::replicate(std::string key, SteadyTime deadline) {
    if (settings_.replicas == 0) co_return policy::ok();
    co_return co_await nodes_.replicate(key, settings_.replicas, deadline);
}

Task<policy::Result<Write>> RedisTable::update(SessionKey key, Version expected, Row row,
                                               Instant now) {
    enum : std::int64_t { kDone = 1, kConflict = 2, kIndexFirst = 3 };
    const auto deadline = nodes_.deadline();
    for (const bool is_indexed : {false, true}) {
        Words arguments{text(expected), text(now), is_indexed ? "1" : "0"};
        for (auto& field : fields_of(row, now)) arguments.push_back(std::move(field));
        const auto reply = co_await run(update_script(), key_of(key), std::move(arguments));
        if (!reply) co_return tl::unexpected(reply.error());
        if (reply->items.empty()) co_return unreadable();
        const auto outcome = reply->items[0].integer;
        if (outcome == kIndexFirst && !is_indexed) {
            const auto indexed = co_await index(user_key(row.user), key, row.expires, now);
            if (!indexed) co_return tl::unexpected(indexed.error());
            continue;
        }
        if (outcome == kConflict) co_return Write::Conflict;
        if (outcome != kDone || !reply->is_list_of(3)) co_return Write::Gone;
        const auto& user = reply->items[1].text;
        const auto& network = reply->items[2].text;
        leave_indexes(key, user == row.user ? std::string_view() : user,
                      network == row.network ? std::string_view() : network);
        if (user == row.user) co_return Write::Done;
        const auto replicated = co_await replicate(key_of(key), deadline);
        if (!replicated) co_return tl::unexpected(replicated.error());
        co_return Write::Done;
    }
    co_return unreadable();
}

Task<policy::Result<Write>> RedisTable::bury(SessionKey key, Burial burial, Instant now) {
    const auto deadline = nodes_.deadline();
    const auto reply =
        co_await run(bury_script(), key_of(key), burial_arguments(settings_, key, burial, now));
    if (!reply) co_return tl::unexpected(reply.error());
    if (!reply->is_list_of(3)) co_return Write::Gone;
    leave_indexes(key, reply->items[1].text, reply->items[2].text);
    const auto ends = ends_of(key);
    nodes_.ask_sometime(ends, format({"ZREM", ends, key.handle().text()}));
    const auto replicated = co_await replicate(key_of(key), deadline);
    if (!replicated) co_return tl::unexpected(replicated.error());
    co_return Write::Done;
}

void RedisTable::leave_indexes(const SessionKey& key, std::string_view user,
                               std::string_view network) {
    const auto handle = key.handle().text();
    const auto leave = [&](const std::string& index) {
        nodes_.ask_sometime(index, format({"ZREM", index, handle}));
    };
    if (!user.empty()) leave(user_key(user));
    if (!network.empty()) leave(network_key(network));
}

Task<void> RedisTable::touch(SessionKey key, Instant now) {
    const auto name = key_of(key);
    nodes_.ask_sometime(name, touch_script().by_text(name, {text(now)}));
    co_return;
}

Task<policy::Result<Instant>> RedisTable::epoch() {
    auto name = epoch_key(settings_);
    auto command = format({"GET", name});
    const auto reply = co_await ask(std::move(name), std::move(command));
    if (!reply) co_return tl::unexpected(reply.error());
    Instant epoch{};
    if (reply->is_nil()) co_return epoch;
    if (!read(*reply, epoch)) co_return unreadable();
    co_return epoch;
}

Task<policy::Result<void>> RedisTable::raise_epoch(Instant epoch) {
    const auto deadline = nodes_.deadline();
    const auto reply =
        co_await run(epoch_script(), epoch_key(settings_), epoch_arguments(settings_, epoch));
    if (!reply) co_return tl::unexpected(reply.error());
    co_return co_await replicate(epoch_key(settings_), deadline);
}

}  // namespace session::redis
