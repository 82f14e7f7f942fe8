// RedisTable where many sessions are looked for: off the path of requests.

#include <utility>

#include "session/redis/scripts.h"
#include "session/redis/table.h"
#include "session/redis/values.h"

namespace session::redis {

using policy::Instant;
using policy::Reason;

namespace {

constexpr std::string_view kPageSize = "200";

std::optional<SessionKey> key_in(const Reply& reply) {
    if (!reply.is_text()) return std::nullopt;
    return SessionKey::parse(Handle(reply.text));
}

// `part:cursor`, as page() gives it out.
bool read_place(const std::string& from, std::size_t parts, std::size_t& part,
                std::string& cursor) {
    const auto colon = from.find(':');
    if (colon == std::string::npos) return from.empty();
    const auto [end, failed] = std::from_chars(from.data(), from.data() + colon, part);
    cursor = from.substr(colon + 1);
    return failed == std::errc{} && end == from.data() + colon && part < parts;
}

}  // namespace

Task<policy::Result<std::optional<Row>>> RedisTable::describe(SessionKey key) {
    auto name = key_of(key);
    auto command = format({"HMGET", name, "v", "s", "x", "i", "t", "b", "u", "n"});
    const auto reply = co_await ask(std::move(name), std::move(command));
    if (!reply) co_return tl::unexpected(reply.error());
    if (!reply->is_list_of(8)) co_return unreadable();
    const auto& fields = reply->items;
    if (fields[0].is_nil()) co_return std::nullopt;
    Row row;
    const bool is_read = read(fields[0], row.version) && read(fields[2], row.expires) &&
                         read(fields[3], row.idle) && read(fields[4], row.last_seen) &&
                         read(fields[5], row.begun);
    if (!is_read) co_return unreadable();
    row.summary = fields[1].text;
    row.user = fields[6].text;
    row.network = fields[7].text;
    co_return std::optional(std::move(row));
}

Task<policy::Result<void>> RedisTable::describe_all(Words handles, Page& page) {
    for (auto& handle : handles) {
        const auto key = SessionKey::parse(Handle(std::move(handle)));
        if (!key) continue;
        auto row = co_await describe(*key);
        if (!row) co_return tl::unexpected(row.error());
        if (*row) page.rows.emplace_back(*key, std::move(**row));
    }
    co_return policy::ok();
}

// The index may still name sessions that are another user's by now, or nobody's.
Task<policy::Result<Page>> RedisTable::of_user(std::string user) {
    auto name = user_key(user);
    auto command = format({"ZRANGE", name, "0", "-1"});
    const auto reply = co_await ask(std::move(name), std::move(command));
    if (!reply) co_return tl::unexpected(reply.error());
    Words handles;
    for (const auto& item : reply->items) handles.push_back(item.text);
    Page page;
    const auto described = co_await describe_all(std::move(handles), page);
    if (!described) co_return tl::unexpected(described.error());
    std::erase_if(page.rows, [&](const auto& entry) { return entry.second.user != user; });
    co_return page;
}

Task<policy::Result<Page>> RedisTable::page(std::string from) {
    std::size_t part = 0;
    std::string cursor = "0";
    if (!read_place(from, kParts, part, cursor)) co_return unreadable();
    auto name = ends_at(part);
    auto command = format({"ZSCAN", name, cursor, "COUNT", kPageSize});
    const auto reply = co_await ask(std::move(name), std::move(command));
    if (!reply) co_return tl::unexpected(reply.error());
    if (!reply->is_list_of(2)) co_return unreadable();
    Words handles;
    const auto& entries = reply->items[1].items;
    for (std::size_t i = 0; i + 1 < entries.size(); i += 2) handles.push_back(entries[i].text);
    Page page;
    const auto described = co_await describe_all(std::move(handles), page);
    if (!described) co_return tl::unexpected(described.error());
    const bool is_part_done = reply->items[0].text == "0";
    if (is_part_done && ++part == kParts) co_return page;
    page.next = std::to_string(part) + ":" + (is_part_done ? "0" : reply->items[0].text);
    co_return page;
}

Task<policy::Result<std::vector<Swept>>> RedisTable::sweep(Instant now, std::size_t most) {
    std::vector<Swept> swept;
    for (std::size_t i = 0; i < kParts && swept.size() < most; ++i) {
        auto name = ends_at(next_swept_++ % kParts);
        const auto room = std::to_string(most - swept.size());
        auto command = format({"ZRANGEBYSCORE", name, "-inf", text(now), "LIMIT", "0", room});
        const auto reply = co_await ask(std::move(name), std::move(command));
        if (!reply) co_return tl::unexpected(reply.error());
        for (const auto& item : reply->items) {
            const auto key = key_in(item);
            if (!key) continue;
            const auto ended = co_await expire(*key, now);
            if (!ended) co_return tl::unexpected(ended.error());
            if (*ended) swept.push_back(**ended);
        }
    }
    co_return swept;
}

// An entry says when the session would have ended had it not been used since.
Task<policy::Result<std::optional<Swept>>> RedisTable::expire(SessionKey key, Instant now) {
    enum : std::int64_t { kEnded = 1, kNotYet = 2 };
    const auto handle = key.handle().text();
    Words arguments{text(now), notices_channel(settings_), "ended " + handle + " ", " untold"};
    const auto reply = co_await run(expire_script(), key_of(key), std::move(arguments));
    if (!reply) co_return tl::unexpected(reply.error());
    const auto ends = ends_of(key);
    const auto outcome = reply->items.empty() ? 0 : reply->items[0].integer;
    if (outcome == kNotYet && reply->is_list_of(2)) {
        Instant end{};
        if (!read(reply->items[1], end)) co_return unreadable();
        const auto moved = co_await index(ends, key, end, now);
        if (!moved) co_return tl::unexpected(moved.error());
        co_return std::nullopt;
    }
    nodes_.ask_sometime(ends, format({"ZREM", ends, handle}));
    if (outcome != kEnded || !reply->is_list_of(4)) co_return std::nullopt;
    leave_indexes(key, reply->items[2].text, reply->items[3].text);
    const auto reason = policy::reason_of(reply->items[1].text);
    co_return Swept{key, reason.value_or(Reason::IdleTimeout)};
}

}  // namespace session::redis
