#include "gateway/sql/table.h"

#include <algorithm>
#include <utility>

namespace gateway::sql {

using policy::Instant;
using policy::Result;
using session::SessionKey;
using session::sql::Database;
using session::sql::Touch;

namespace {

constexpr auto kLinger = std::chrono::seconds(1);

// What has to be noted before, if it is about the same session.
template <class T, class Then>
std::function<Result<T>(Database&)> after(std::vector<Touch> touches, Then then) {
    return [touches = std::move(touches), then = std::move(then)](Database& database) -> Result<T> {
        if (!touches.empty()) {
            const auto noted = database.touch(touches);
            if (!noted) return tl::unexpected(noted.error());
        }
        return then(database);
    };
}

}  // namespace

void SqlTable::stop() {
    linger_.cancel();
    asker_.stop();
}

std::vector<Touch> SqlTable::touches_before(const SessionKey& key) {
    const bool is_touched = std::any_of(touches_.begin(), touches_.end(),
                                        [&](const Touch& touch) { return touch.key == key; });
    return is_touched ? std::exchange(touches_, {}) : std::vector<Touch>();
}

Task<Result<session::RowLookup>> SqlTable::load(SessionKey key) {
    return asker_.ask<session::RowLookup>(after<session::RowLookup>(
        touches_before(key), [key](Database& database) { return database.load(key); }));
}

Task<Result<void>> SqlTable::insert(SessionKey key, session::Row row, Instant) {
    return asker_.ask<void>(
        [key, row = std::move(row)](Database& database) { return database.insert(key, row); });
}

Task<Result<session::Write>> SqlTable::update(SessionKey key, session::Version expected,
                                              session::Row row, Instant now) {
    return asker_.ask<session::Write>(after<session::Write>(
        touches_before(key), [key, expected, row = std::move(row), now](Database& database) {
            return database.update(key, expected, row, now);
        }));
}

Task<Result<session::Write>> SqlTable::bury(SessionKey key, session::Burial burial, Instant now) {
    return asker_.ask<session::Write>(
        [key, burial, now](Database& database) { return database.bury(key, burial, now); });
}

Task<void> SqlTable::touch(SessionKey key, Instant now) {
    touches_.push_back({key, now});
    if (touches_.size() == 1) {
        linger_.expires_after(kLinger);
        linger_.async_wait([this](const boost::system::error_code& cancelled) {
            if (!cancelled && !touches_.empty()) session::spawn(write(std::exchange(touches_, {})));
        });
    }
    co_return;
}

// Lost when the database does not answer: those sessions seem idle for longer than they are.
Task<void> SqlTable::write(std::vector<Touch> touches) {
    const std::function<Result<void>(Database&)> work =
        [touches = std::move(touches)](Database& database) { return database.touch(touches); };
    (void)co_await asker_.ask<void>(work);
}

Task<Result<std::optional<session::Row>>> SqlTable::describe(SessionKey key) {
    return asker_.ask<std::optional<session::Row>>(
        [key](Database& database) { return database.describe(key); });
}

Task<Result<session::Page>> SqlTable::of_user(std::string user) {
    return asker_.ask<session::Page>(
        [user = std::move(user)](Database& database) { return database.of_user(user); });
}

Task<Result<session::Page>> SqlTable::page(std::string from) {
    return asker_.ask<session::Page>(
        [from = std::move(from)](Database& database) { return database.page(from); });
}

Task<Result<std::vector<session::Swept>>> SqlTable::sweep(Instant now, std::size_t most) {
    return asker_.ask<std::vector<session::Swept>>(after<std::vector<session::Swept>>(
        std::exchange(touches_, {}),
        [now, most](Database& database) { return database.sweep(now, most); }));
}

Task<Result<Instant>> SqlTable::epoch() {
    return asker_.ask<Instant>([](Database& database) { return database.epoch(); });
}

Task<Result<void>> SqlTable::raise_epoch(Instant epoch) {
    return asker_.ask<void>(
        [epoch](Database& database) { return database.raise_epoch(epoch, epoch); });
}

}  // namespace gateway::sql
