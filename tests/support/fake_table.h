#pragma once

// A table in memory, which a test can take away.

#include <map>
#include <utility>

#include "session/table.h"

namespace support {

class FakeTable final : public session::Table {
public:
    bool is_down = false;
    int loads = 0;
    policy::Instant raised{};
    std::map<session::SessionKey, session::Row> rows;
    std::map<session::SessionKey, session::Burial> graves;

    template <class T>
    using Answer = session::Task<policy::Result<T>>;

    Answer<session::RowLookup> load(session::SessionKey key) override {
        ++loads;
        if (is_down) co_return down();
        if (graves.contains(key)) co_return session::RowLookup(session::Ended{graves[key].reason});
        if (!rows.contains(key)) co_return session::RowLookup(session::Missing{});
        co_return session::RowLookup(rows[key]);
    }
    Answer<void> insert(session::SessionKey key, session::Row row, policy::Instant) override {
        if (is_down) co_return down();
        if (rows.contains(key) || graves.contains(key))
            co_return policy::fail(policy::Reason::StoreConflict);
        rows[key] = std::move(row);
        co_return policy::ok();
    }
    Answer<session::Write> update(session::SessionKey key, session::Version expected,
                                  session::Row row, policy::Instant now) override {
        if (is_down) co_return down();
        const auto found = rows.find(key);
        if (found == rows.end() || found->second.end() <= now) co_return session::Write::Gone;
        if (found->second.version != expected) co_return session::Write::Conflict;
        row.last_seen = std::max(row.last_seen, found->second.last_seen);
        found->second = std::move(row);
        co_return session::Write::Done;
    }
    Answer<session::Write> bury(session::SessionKey key, session::Burial burial,
                                policy::Instant) override {
        if (is_down) co_return down();
        if (rows.erase(key) == 0) co_return session::Write::Gone;
        graves[key] = burial;
        co_return session::Write::Done;
    }
    session::Task<void> touch(session::SessionKey key, policy::Instant now) override {
        const auto found = rows.find(key);
        if (found == rows.end() || found->second.end() <= now) co_return;
        found->second.last_seen = std::max(found->second.last_seen, now);
    }
    Answer<std::optional<session::Row>> describe(session::SessionKey key) override {
        if (is_down) co_return down();
        if (!rows.contains(key)) co_return std::nullopt;
        co_return std::optional(rows[key]);
    }
    Answer<session::Page> of_user(std::string user) override {
        if (is_down) co_return down();
        session::Page page;
        for (const auto& [key, row] : rows) {
            if (row.user == user) page.rows.emplace_back(key, row);
        }
        co_return page;
    }
    Answer<session::Page> page(std::string) override {
        if (is_down) co_return down();
        co_return session::Page{{rows.begin(), rows.end()}, {}};
    }
    Answer<std::vector<session::Swept>> sweep(policy::Instant now, std::size_t) override {
        if (is_down) co_return down();
        std::vector<session::Swept> swept;
        for (const auto& [key, row] : rows) {
            if (row.end() <= now) swept.push_back({key, policy::Reason::IdleTimeout});
        }
        for (const auto& each : swept) rows.erase(each.key);
        co_return swept;
    }
    Answer<policy::Instant> epoch() override {
        if (is_down) co_return down();
        co_return raised;
    }
    Answer<void> raise_epoch(policy::Instant epoch) override {
        if (is_down) co_return down();
        raised = std::max(raised, epoch);
        co_return policy::ok();
    }

private:
    static tl::unexpected<policy::Error> down() {
        return policy::fail(policy::Reason::StoreUnavailable, "made to fail");
    }
};

}  // namespace support
