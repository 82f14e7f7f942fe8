#include "session/sql/database.h"

#include <soci/soci.h>

#include "policy/base/text.h"
#include "session/sql/attempt.h"
#include "session/sql/connection.h"

namespace session::sql {

using policy::Instant;
using policy::Reason;
using soci::into;
using soci::use;

namespace {

using Number = long long;  // As SOCI wants it.

// What use() is given must live until the end of the statement, and longer than a temporary does.
constexpr policy::Duration kNoticesKept = std::chrono::minutes(10);
constexpr Number kLookedBack = 1000;
constexpr std::string_view kPageSize = "200";
constexpr std::string_view kDescription =
    "k, v, summary, expires, idle, last_seen, begun, usr, network";

Number number(Instant instant) {
    return instant.time_since_epoch().count();
}
Instant instant(Number number) {
    return Instant(policy::Duration(number));
}

// Sealed bytes are kept as text: every engine has another type for bytes, and SOCI another way to
// it. What cannot be read is no record.
std::string text_of(std::string_view bytes) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data());
    return policy::to_base64url({first, bytes.size()});
}
std::string bytes_of(const std::string& text) {
    return policy::from_base64url(text).value_or(std::string());
}

// SQLite says of some columns that they are small.
Number number_in(const soci::row& row, std::size_t column) {
    const bool is_small = row.get_properties(column).get_data_type() == soci::dt_integer;
    return is_small ? row.get<int>(column) : row.get<Number>(column);
}

Number affected(soci::statement& statement) {
    statement.execute(true);
    return statement.get_affected_rows();
}

// The later one of what is known and what is said.
constexpr std::string_view kSeen = "(CASE WHEN last_seen > :seen THEN last_seen ELSE :seen END)";

std::string new_end() {
    const std::string idle_end = "(" + std::string(kSeen) + " + :idle)";
    return "(CASE WHEN :expires < " + idle_end + " THEN :expires ELSE " + idle_end + " END)";
}

}  // namespace

Database::Database(const Settings& settings, std::unique_ptr<soci::session> session)
    : settings_(settings), session_(std::move(session)) {}

Database::~Database() = default;

policy::Result<std::unique_ptr<Database>> Database::open(const Settings& settings) {
    auto session = sql::open(settings);
    if (!session) return tl::unexpected(session.error());
    return std::unique_ptr<Database>(new Database(settings, std::move(*session)));
}

policy::Result<RowLookup> Database::load(const SessionKey& key) {
    return attempt([&]() -> RowLookup {
        Number version = 0, expires = 0, idle = 0, last_seen = 0, begun = 0;
        std::string record, why;
        const auto handle = key.handle().text();
        *session_ << "SELECT v, record, expires, idle, last_seen, begun, why FROM "
                     "sallyport_sessions WHERE k = :k",
            use(handle), into(version), into(record), into(expires), into(idle), into(last_seen),
            into(begun), into(why);
        if (!session_->got_data()) return Missing{};
        if (!why.empty()) return Ended{policy::reason_of(why).value_or(Reason::Revoked)};
        Row row;
        row.version = static_cast<Version>(version);
        row.record = bytes_of(record);
        row.expires = instant(expires);
        row.idle = policy::Duration(idle);
        row.last_seen = instant(last_seen);
        row.begun = instant(begun);
        return row;
    });
}

bool Database::has_its_share(const Row& row) {
    if (row.network.empty()) return false;
    Number count = 0;
    *session_ << "SELECT COUNT(*) FROM sallyport_sessions WHERE network = :n", use(row.network),
        into(count);
    return count >= static_cast<Number>(settings_.strangers_per_network);
}

policy::Result<void> Database::insert(const SessionKey& key, const Row& row) {
    enum class Outcome : std::uint8_t { Done, Known, TooMany };
    const auto outcome =
        attempt([&] {
            if (has_its_share(row)) return Outcome::TooMany;
            const auto [begin, end] = insert_new(settings_.engine);
            const auto handle = key.handle().text();
            const auto version = static_cast<Number>(row.version);
            const Number expires = number(row.expires), idle = row.idle.count();
            const Number seen = number(row.last_seen), begun = number(row.begun);
            const auto record = text_of(row.record), summary = text_of(row.summary);
            const Number ends = number(row.end());
            soci::statement statement =
                (session_->prepare
                     << std::string(begin) +
                            "sallyport_sessions (k, v, expires, idle, last_seen, "
                            "begun, ends, record, summary, usr, network, why) VALUES (:k, :v, "
                            ":expires, "
                            ":idle, :seen, :begun, :ends, :record, :summary, :usr, :network, '')" +
                            std::string(end),
                 use(handle, "k"), use(version, "v"), use(expires, "expires"), use(idle, "idle"),
                 use(seen, "seen"), use(begun, "begun"), use(ends, "ends"), use(record, "record"),
                 use(summary, "summary"), use(row.user, "usr"), use(row.network, "network"));
            return affected(statement) == 1 ? Outcome::Done : Outcome::Known;
        });
    if (!outcome) return tl::unexpected(outcome.error());
    if (*outcome == Outcome::TooMany)
        return policy::fail(Reason::TooManyStrangers, "sql: network has its share");
    if (*outcome == Outcome::Known)
        return policy::fail(Reason::StoreConflict, "sql: the key was used before");
    return policy::ok();
}

policy::Result<Write> Database::update(const SessionKey& key, Version expected, const Row& row,
                                       Instant now) {
    return attempt([&] {
        const auto handle = key.handle().text();
        const auto version = static_cast<Number>(row.version);
        const auto before = static_cast<Number>(expected);
        const Number expires = number(row.expires), idle = row.idle.count();
        const Number seen = number(row.last_seen), begun = number(row.begun);
        const auto record = text_of(row.record), summary = text_of(row.summary);
        const Number time = number(now);
        // `ends` stands before `last_seen`, which MySQL has changed already when it goes on.
        soci::statement statement =
            (session_->prepare << "UPDATE sallyport_sessions SET v = :v, expires = :expires, "
                                  "idle = :idle, ends = " +
                                      new_end() + ", last_seen = " + std::string(kSeen) +
                                      ", begun = :begun, record = :record, summary = :summary, "
                                      "usr = :usr, network = :network WHERE k = :k AND v = :before "
                                      "AND why = '' AND ends > :now",
             use(version, "v"), use(expires, "expires"), use(idle, "idle"), use(seen, "seen"),
             use(begun, "begun"), use(record, "record"), use(summary, "summary"),
             use(row.user, "usr"), use(row.network, "network"), use(handle, "k"),
             use(before, "before"), use(time, "now"));
        return affected(statement) == 1 ? Write::Done : why_not_written(key, now);
    });
}

Write Database::why_not_written(const SessionKey& key, Instant now) {
    Number ends = 0;
    std::string why;
    const auto handle = key.handle().text();
    *session_ << "SELECT ends, why FROM sallyport_sessions WHERE k = :k", use(handle), into(ends),
        into(why);
    const bool is_live = session_->got_data() && why.empty() && ends > number(now);
    return is_live ? Write::Conflict : Write::Gone;
}

policy::Result<Write> Database::bury(const SessionKey& key, const Burial& burial, Instant now) {
    return attempt(
        [&] { return end(key, burial, Instant::max(), now) ? Write::Done : Write::Gone; });
}

// Only if it is over by then; the tombstone and the notice come together.
bool Database::end(const SessionKey& key, const Burial& burial, Instant over_by, Instant now) {
    soci::transaction transaction(*session_);
    const auto handle = key.handle().text();
    const auto why = std::string(policy::word(burial.reason));
    const Number keep = number(burial.keep_until), over = number(over_by);
    soci::statement statement =
        (session_->prepare << "UPDATE sallyport_sessions SET why = :why, ends = :keep, "
                              "record = '', summary = '', usr = '', network = '' "
                              "WHERE k = :k AND why = '' AND ends <= :over",
         use(why, "why"), use(keep, "keep"), use(handle, "k"), use(over, "over"));
    if (affected(statement) != 1) return false;
    tell({key, burial.reason, burial.is_told, {}}, now);
    transaction.commit();
    return true;
}

void Database::tell(const Notice& notice, Instant now) {
    const auto line = write_notice(notice);
    const Number time = number(now);
    *session_ << "INSERT INTO sallyport_notices (at, notice) VALUES (:at, :notice)", use(time),
        use(line);
}

policy::Result<void> Database::touch(const std::vector<Touch>& touches) {
    const auto done = attempt([&] {
        soci::transaction transaction(*session_);
        for (const auto& [key, at] : touches) {
            const auto handle = key.handle().text();
            const Number now = number(at);
            *session_ << "UPDATE sallyport_sessions SET ends = (CASE WHEN expires < :now + idle "
                         "THEN expires ELSE :now + idle END), last_seen = :now WHERE k = :k AND "
                         "why = '' AND last_seen < :now AND ends > :now",
                use(now, "now"), use(handle, "k");
        }
        transaction.commit();
        return true;
    });
    if (!done) return tl::unexpected(done.error());
    return policy::ok();
}

Page Database::rows(const std::string& condition, const std::string& value) {
    soci::rowset<soci::row> found =
        (session_->prepare << "SELECT " + std::string(kDescription) +
                                  " FROM sallyport_sessions WHERE why = '' AND " + condition,
         use(value));
    Page page;
    for (const auto& each : found) {
        const auto key = SessionKey::parse(Handle(each.get<std::string>(0)));
        if (!key) continue;
        Row row;
        row.version = static_cast<Version>(number_in(each, 1));
        row.summary = bytes_of(each.get<std::string>(2));
        row.expires = instant(number_in(each, 3));
        row.idle = policy::Duration(number_in(each, 4));
        row.last_seen = instant(number_in(each, 5));
        row.begun = instant(number_in(each, 6));
        row.user = each.get<std::string>(7);
        row.network = each.get<std::string>(8);
        page.rows.emplace_back(*key, std::move(row));
    }
    return page;
}

policy::Result<std::optional<Row>> Database::describe(const SessionKey& key) {
    return attempt([&]() -> std::optional<Row> {
        auto page = rows("k = :k", key.handle().text());
        if (page.rows.empty()) return std::nullopt;
        return std::move(page.rows.front().second);
    });
}

policy::Result<Page> Database::of_user(const std::string& user) {
    return attempt([&] { return rows("usr = :usr", user); });
}

policy::Result<Page> Database::page(const std::string& from) {
    return attempt([&] {
        auto page = rows("k > :k ORDER BY k LIMIT " + std::string(kPageSize), from);
        if (!page.rows.empty()) page.next = page.rows.back().first.handle().text();
        return page;
    });
}

policy::Result<std::vector<Swept>> Database::sweep(Instant now, std::size_t most) {
    return attempt([&] {
        const Number time = number(now), old = number(now - kNoticesKept);
        std::vector<std::pair<SessionKey, Burial>> over;
        {
            soci::rowset<soci::row> found =
                (session_->prepare << "SELECT k, expires, idle, last_seen FROM sallyport_sessions "
                                      "WHERE why = '' AND ends <= :now LIMIT " +
                                          std::to_string(most),
                 use(time));
            for (const auto& each : found) {
                const auto key = SessionKey::parse(Handle(each.get<std::string>(0)));
                const auto expires = instant(number_in(each, 1));
                const policy::Duration idle(number_in(each, 2));
                const bool is_absolute = expires <= instant(number_in(each, 3)) + idle;
                const auto reason = is_absolute ? Reason::AbsoluteTimeout : Reason::IdleTimeout;
                if (key) over.push_back({*key, {reason, std::max(expires, now + idle), false}});
            }
        }
        std::vector<Swept> swept;
        for (const auto& [key, burial] : over) {
            if (end(key, burial, now, now)) swept.push_back({key, burial.reason});
        }
        *session_ << "DELETE FROM sallyport_sessions WHERE why <> '' AND ends <= :now", use(time);
        *session_ << "DELETE FROM sallyport_notices WHERE at < :old", use(old);
        return swept;
    });
}

policy::Result<Instant> Database::epoch() {
    return attempt([&] {
        Number value = 0;
        *session_ << "SELECT value FROM sallyport_state WHERE name = 'epoch'", into(value);
        return instant(value);
    });
}

policy::Result<void> Database::raise_epoch(Instant epoch, Instant now) {
    const auto done = attempt([&] {
        soci::transaction transaction(*session_);
        const Number value = number(epoch);
        soci::statement statement = (session_->prepare << "UPDATE sallyport_state SET value = "
                                                          ":value WHERE name = 'epoch' AND value < "
                                                          ":value",
                                     use(value, "value"));
        if (affected(statement) == 1) tell({std::nullopt, Reason::None, false, epoch}, now);
        transaction.commit();
        return true;
    });
    if (!done) return tl::unexpected(done.error());
    return policy::ok();
}

policy::Result<Notices> Database::notices(std::optional<std::int64_t> last) {
    return attempt(
        [&] {
            Notices notices;
            if (!last) {
                Number newest = 0;
                soci::indicator is_there = soci::i_null;
                *session_ << "SELECT MAX(id) FROM sallyport_notices", into(newest, is_there);
                notices.last = is_there == soci::i_ok ? newest : 0;
                return notices;
            }
            notices.last = *last;
            const Number from = *last - kLookedBack;
            soci::rowset<soci::row> found =
                (session_->prepare
                     << "SELECT id, notice FROM sallyport_notices WHERE id > :id ORDER BY id",
                 use(from));
            for (const auto& each : found) {
                const auto id = std::int64_t{number_in(each, 0)};
                notices.last = std::max(notices.last, id);
                notices.lines.emplace_back(id, each.get<std::string>(1));
            }
            return notices;
        });
}

}  // namespace session::sql
