#include "session/shared_store.h"

#include <array>
#include <utility>

#include "policy/base/text.h"
#include "session/findings.h"

namespace session {

namespace {

using namespace std::string_view_literals;
using policy::Reason;

constexpr std::size_t kSweptAtOnce = 1000;

policy::Instant begun(const Session& session) {
    return session.authentication ? session.authentication->at : session.created;
}

}  // namespace

void SharedKnowledge::hear(const Notice& notice) {
    if (!notice.ended) return raise_epoch(notice.epoch);
    ended.note(*notice.ended, notice.reason, clock.now());
    auto session = recent.take(*notice.ended);
    if (notice.is_told) session = nullptr;
    if (listener) listener->ended(*notice.ended, session.get(), notice.reason);
}

void SharedKnowledge::raise_epoch(policy::Instant epoch) {
    const auto wanted = epoch.time_since_epoch().count();
    auto known = epoch_.load();
    while (known < wanted && !epoch_.compare_exchange_weak(known, wanted)) {
    }
}

std::string user_index(const policy::UserName& user, const Sha256& sha) {
    const std::array parts{"session-user\0"sv, std::string_view(user.text())};
    const auto digest = sha.of(Parts(parts));
    return policy::to_hex(std::span(digest).first<16>());
}

policy::Result<Row> SharedStore::row_of(const Locator& at, Version version,
                                        const Record& record) const {
    const Session& session = *record.session;
    auto sealed = sealer_.seal(at, session, random_);
    if (!sealed) return tl::unexpected(sealed.error());
    auto summary = sealer_.seal_summary(at, session, random_);
    if (!summary) return tl::unexpected(summary.error());
    Row row{version,
            record.expires,
            record.idle,
            record.last_seen,
            begun(session),
            std::move(*sealed),
            std::move(*summary),
            {},
            {}};
    if (session.authentication) row.user = user_index(session.authentication->user, sha_);
    const auto& home = session.environment.bound.address;
    if (!session.authentication)
        row.network = policy::network_of(home, knowledge_.settings.network).address.text();
    return row;
}

Task<policy::Result<Lookup>> SharedStore::load(Locator at) {
    auto found = noted(co_await table_.load(at));
    if (!found) co_return recall(at, std::move(found.error()));
    if (auto* row = std::get_if<Row>(&*found)) co_return co_await read(at, std::move(*row));
    if (const auto* ended = std::get_if<Ended>(&*found)) co_return Lookup(*ended);
    co_return Lookup(Missing{});
}

Task<policy::Result<Lookup>> SharedStore::read(Locator at, Row row) {
    const auto session = open(at, row.record);
    if (!session) co_return Lookup(Missing{});
    if (!knowledge_.is_listening()) {
        const auto asked = co_await catch_up();
        if (!asked) co_return tl::unexpected(asked.error());
    }
    if (begun(*session) < knowledge_.epoch()) {
        const auto ended = co_await end(at, Reason::Revoked, row.expires);
        if (!ended) co_return tl::unexpected(ended.error());
        co_return Lookup(Ended{Reason::Revoked});
    }
    Stored stored{session, row.version, row.last_seen};
    remember(at, stored, row.record);
    co_return Lookup(std::move(stored));
}

// To open one costs more than to fetch it, and mostly it is the one of a moment ago.
std::shared_ptr<const Session> SharedStore::open(const Locator& at, std::string_view sealed) {
    const auto seen = knowledge_.recent.find(at);
    const bool is_same = seen && seen->family && sealed.starts_with(seen->seal) &&
                         policy::equal_in_constant_time(seen->family->text(), at.family.text());
    if (is_same) return seen->stored.session;
    auto opened = sealer_.open(at, sealed);
    return opened ? std::make_shared<const Session>(std::move(*opened)) : nullptr;
}

void SharedStore::remember(const Locator& at, Stored stored, std::string_view sealed) {
    knowledge_.recent.note(at, {std::move(stored), knowledge_.clock.now(), at.family,
                                std::string(sealed.substr(0, RecordSealer::kDistinct))});
}

// The table does not answer. What it said a moment ago may still do for reading.
policy::Result<Lookup> SharedStore::recall(const SessionKey& key, policy::Error error) {
    if (knowledge_.settings.on_outage == OnOutage::Deny) return tl::unexpected(std::move(error));
    auto seen = knowledge_.recent.find(key);
    const bool is_fresh = seen &&
                          seen->at + knowledge_.settings.cached_for > knowledge_.clock.now() &&
                          begun(*seen->stored.session) >= knowledge_.epoch();
    if (!is_fresh) return tl::unexpected(std::move(error));
    return Lookup(std::move(seen->stored));
}

Task<policy::Result<void>> SharedStore::create(Locator at, Record record, policy::Instant now) {
    auto row = row_of(at, 1, record);
    if (!row) co_return tl::unexpected(row.error());
    const auto seal = row->record.substr(0, RecordSealer::kDistinct);
    const auto created = noted(co_await table_.insert(at, std::move(*row), now));
    if (created) remember(at, Stored{std::move(record.session), 1, record.last_seen}, seal);
    co_return created;
}

Task<policy::Result<Write>> SharedStore::replace(Locator at, Version expected, Record record,
                                                 policy::Instant now) {
    auto row = row_of(at, expected + 1, record);
    if (!row) co_return tl::unexpected(row.error());
    const auto seal = row->record.substr(0, RecordSealer::kDistinct);
    const auto written = noted(co_await table_.update(at, expected, std::move(*row), now));
    if (written && *written == Write::Done) {
        Stored stored{std::move(record.session), expected + 1, record.last_seen};
        remember(at, std::move(stored), seal);
    }
    co_return written;
}

Task<policy::Result<Write>> SharedStore::end(SessionKey key, Reason reason,
                                             policy::Instant keep_until) {
    const auto seen = knowledge_.recent.find(key);
    const Burial burial{reason, keep_until, seen.has_value()};
    const auto ended = noted(co_await table_.bury(key, burial, knowledge_.clock.now()));
    if (!ended) co_return tl::unexpected(ended.error());
    const auto session = knowledge_.recent.take(key);
    if (*ended != Write::Done) co_return *ended;
    knowledge_.ended.note(key, reason, knowledge_.clock.now());
    if (knowledge_.listener) knowledge_.listener->ended(key, session.get(), reason);
    co_return Write::Done;
}

Task<void> SharedStore::touch(SessionKey key, policy::Instant now) {
    co_await table_.touch(key, now);
}

Task<policy::Result<std::vector<UserSession>>> SharedStore::sessions_of(policy::UserName user) {
    const auto page = noted(co_await table_.of_user(user_index(user, sha_)));
    if (!page) co_return tl::unexpected(page.error());
    std::vector<UserSession> sessions;
    for (const auto& [key, row] : page->rows) {
        if (row.begun >= knowledge_.epoch()) sessions.push_back({key, row.begun});
    }
    co_return sessions;
}

Task<policy::Result<void>> SharedStore::catch_up() {
    const auto epoch = noted(co_await table_.epoch());
    if (!epoch) co_return tl::unexpected(epoch.error());
    knowledge_.raise_epoch(*epoch);
    co_return policy::ok();
}

// The gateway that still knows such a session tells its backend; see hear().
Task<policy::Result<policy::Findings>> SharedStore::sweep(policy::Instant now) {
    const auto swept = noted(co_await table_.sweep(now, kSweptAtOnce));
    if (!swept) co_return tl::unexpected(swept.error());
    policy::Findings ended;
    for (const auto& [key, reason] : *swept) {
        ended.push_back(finding_of(policy::Event::SessionExpired, reason, key.handle()));
        const auto session = knowledge_.recent.take(key);
        if (knowledge_.listener) knowledge_.listener->ended(key, session.get(), reason);
    }
    co_return ended;
}

}  // namespace session
