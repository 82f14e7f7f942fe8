// Manager::commit(): what an exchange taught becomes what is stored.

#include <utility>

#include "policy/http/set_cookie.h"
#include "session/findings.h"
#include "session/manager.h"

namespace session {

namespace {

using policy::Event;
using policy::Reason;

constexpr int kTries = 64;  // As in manager.cpp.

// Those of the answer's cookies that find no room in the vault as it is now.
std::vector<std::string_view> names_without_room(const policy::CookiesSet& set, const Vault& vault,
                                                 const VaultLimits& limits, policy::Instant now) {
    std::vector<std::string_view> names;
    for (const auto& line : set.lines) {
        auto trial = vault;
        if (trial.apply(line, {set.backend, set.host, set.path}, now, limits)) continue;
        names.push_back(policy::parse_set_cookie(line)->name);
    }
    return names;
}

std::string_view word(Change::Cause cause) {
    switch (cause) {
        case Change::Cause::None:
        case Change::Cause::Login:
            break;
        case Change::Cause::PrivilegeChange:
            return "privilege_change";
        case Change::Cause::Demotion:
            return "demotion";
    }
    return "login";
}

// `"cache", "cookies"`
std::string clear_site_data(std::span<const std::string> what) {
    std::string list;
    for (const auto& each : what)
        list.append(list.empty() ? "\"" : ", \"").append(each).append("\"");
    return list;
}

bool is_crossed(const Loaded& loaded, const Session& current) {
    return current.ids.incarnation != loaded.session->ids.incarnation;
}

// Of a session that ended, or went on without this request.
Committed left_behind() {
    Committed committed;
    committed.is_late = true;
    return committed;
}

}  // namespace

Task<policy::Result<Committed>> Manager::commit(const Loaded& loaded,
                                                std::span<const policy::SessionEvent> events,
                                                const Visit& visit, Succession succession) {
    const Occasion occasion{loaded, events, visit, succession};
    auto committed = co_await settle(occasion);
    if (committed && settings_.client_keeps_record) add_kept(loaded, visit, *committed);
    co_return committed;
}

// Behind everything else: what the client keeps is what is stored now.
void Manager::add_kept(const Loaded& loaded, const Visit& visit, Committed& committed) {
    if (!committed.session || committed.is_late) return;
    const auto key = SessionKey::parse(committed.handle);
    const auto kept = key ? store_.to_keep(*key, loaded.kept) : std::nullopt;
    if (!kept) return;
    CookieFormat::Lifetime lifetime;
    if (settings_.cookie.is_persistent)
        lifetime = cookie_lifetime(*committed.session, settings_.limits, visit.now);
    committed.fields.push_back({"Set-Cookie", cookies_.issue_kept(*kept, lifetime)});
}

Task<policy::Result<Committed>> Manager::settle(const Occasion& occasion) {
    const auto& loaded = occasion.loaded;
    const auto& events = occasion.events;
    if (!loaded.session) {
        if (events.empty()) co_return unchanged(occasion);
        co_return co_await begin(occasion);
    }
    auto committed = unchanged(occasion);
    if (!events.empty()) {
        auto amended = co_await amend(occasion);
        if (!amended) co_return tl::unexpected(amended.error());
        committed = std::move(*amended);
    }
    const bool is_settled =
        !committed.session || !committed.set_cookie.empty() || !committed.fields.empty();
    if (is_settled) co_return committed;
    co_return co_await renew(occasion, std::move(committed));
}

void Manager::tell_overflow(const Occasion& occasion, std::size_t overflowed, const Vault& kept,
                            policy::Findings& findings) const {
    if (overflowed == 0) return;
    for (const auto& event : occasion.events) {
        const auto* set = std::get_if<policy::CookiesSet>(&event);
        if (!set) continue;
        findings.push_back(
            vault_full(names_without_room(*set, kept, settings_.vault, occasion.visit.now)));
    }
}

Task<policy::Result<Committed>> Manager::begin(const Occasion& occasion) {
    const auto& visit = occasion.visit;
    Session blank;
    blank.created = visit.now;
    blank.environment = {visit.client, visit.client};
    auto change = reduce(blank, occasion.events, settings_.vault, visit.now);

    auto committed = unchanged(occasion);
    tell_overflow(occasion, change.overflowed, change.next.vault, committed.findings);
    if (change.kind == Change::Kind::End) co_return committed;
    // A request that crossed a login must not replace the cookie which that login has set.
    const bool may_begin =
        settings_.anonymous == AnonymousSessions::OnDemand && !occasion.loaded.crossed_login;
    const bool is_login = change.kind == Change::Kind::Rotate;
    if (!is_login && (!may_begin || change.next.vault.empty())) co_return committed;

    auto family = FamilyId::generate(random_);
    if (!family) co_return tl::unexpected(family.error());
    auto fresh = fresh_id();
    if (!fresh) co_return tl::unexpected(fresh.error());
    const auto key = Locator::of(*family, sha_);
    change.next.ids = begin_with(fresh->digest, visit.now);
    change.next.cookie_issued = visit.now;
    share_rights(change.next);
    committed.session = std::make_shared<const Session>(std::move(change.next));
    committed.handle = key.handle();
    const auto created =
        co_await store_.create(key, record_of(committed.session, occasion), visit.now);
    if (!created) co_return tl::unexpected(created.error());

    hand_out(*family, fresh->id, *committed.session, visit, committed);
    committed.findings.push_back(finding_of(Event::SessionCreated, Reason::None, committed.handle));
    co_return co_await keep_user_limit(key, occasion, std::move(committed));
}

Task<policy::Result<Committed>> Manager::amend(const Occasion& occasion) {
    const auto& loaded = occasion.loaded;
    Stored current{loaded.session, loaded.version, loaded.last_seen};
    for (int tries = 0; tries < kTries; ++tries) {
        if (!has_expired(current, occasion.visit.now)) {
            auto written = co_await write(occasion, current);
            if (!written) co_return tl::unexpected(written.error());
            if (*written) co_return std::move(**written);
        }
        const auto lookup = co_await store_.load(*loaded.at);
        if (!lookup) co_return tl::unexpected(lookup.error());
        const auto* stored = std::get_if<Stored>(&*lookup);
        if (!stored || has_expired(*stored, occasion.visit.now)) co_return left_behind();
        current = *stored;
    }
    co_return policy::fail(Reason::StoreConflict, "session changed under every try to write it");
}

Task<Manager::Attempt> Manager::write(const Occasion& occasion, const Stored& current) {
    if (is_crossed(occasion.loaded, *current.session))
        co_return co_await pass_on(occasion, current);
    auto change = reduce(*current.session, occasion.events, settings_.vault, occasion.visit.now);
    switch (change.kind) {
        case Change::Kind::Update:
            co_return co_await update(occasion, current, std::move(change));
        case Change::Kind::Rotate:
            co_return co_await rotate(occasion, current, std::move(change));
        case Change::Kind::End:
            co_return co_await end(occasion, current, change.reason);
        case Change::Kind::Nothing:
            break;
    }
    auto committed = unchanged(occasion);
    committed.session = current.session;
    tell_overflow(occasion, change.overflowed, change.next.vault, committed.findings);
    co_return committed;
}

Task<Manager::Attempt> Manager::update(const Occasion& occasion, const Stored& current,
                                       Change change) {
    auto committed = unchanged(occasion);
    committed.session = std::make_shared<const Session>(std::move(change.next));
    tell_overflow(occasion, change.overflowed, committed.session->vault, committed.findings);
    const auto written =
        co_await store_.replace(*occasion.loaded.at, current.version,
                                record_of(committed.session, occasion), occasion.visit.now);
    if (!written) co_return tl::unexpected(written.error());
    if (*written != Write::Done) co_return std::nullopt;
    co_return committed;
}

Task<Manager::Attempt> Manager::rotate(const Occasion& occasion, const Stored& current,
                                       Change change) {
    const auto& [loaded, events, visit, succession] = occasion;
    auto fresh = fresh_id();
    if (!fresh) co_return tl::unexpected(fresh.error());
    change.next.ids = replace_at_once(std::move(change.next.ids), fresh->digest, visit.now);
    if (change.cause == Change::Cause::Login)
        change.next.environment = {visit.client, visit.client};
    change.next.cookie_issued = visit.now;
    share_rights(change.next);

    auto committed = unchanged(occasion);
    committed.session = std::make_shared<const Session>(std::move(change.next));
    const auto written = co_await store_.replace(*loaded.at, current.version,
                                                 record_of(committed.session, occasion), visit.now);
    if (!written) co_return tl::unexpected(written.error());
    if (*written != Write::Done) co_return std::nullopt;

    hand_out(loaded.ticket->family, fresh->id, *committed.session, visit, committed);
    committed.findings.push_back(
        id_rotated(committed.handle, committed.session->ids.generation, word(change.cause)));
    tell_overflow(occasion, change.overflowed, committed.session->vault, committed.findings);
    if (change.cause != Change::Cause::Login) co_return committed;
    auto kept = co_await keep_user_limit(*loaded.at, occasion, std::move(committed));
    if (!kept) co_return tl::unexpected(kept.error());
    co_return std::move(*kept);
}

Task<Manager::Attempt> Manager::end(const Occasion& occasion, const Stored& current,
                                    policy::Reason reason) {
    const auto& key = *occasion.loaded.at;
    const auto ended =
        co_await store_.end(key, reason, tombstone_end(*current.session, occasion.visit.now));
    if (!ended) co_return tl::unexpected(ended.error());
    if (*ended != Write::Done) co_return std::nullopt;
    Committed committed;
    take_back(occasion.visit, committed);
    if (const auto list = clear_site_data(settings_.clear_site_data); !list.empty())
        committed.fields.push_back({"Clear-Site-Data", list});
    committed.findings.push_back(end_finding(reason, key.handle()));
    co_return committed;
}

void Manager::share_rights(Session& session) {
    auto& authentication = session.authentication;
    if (authentication) authentication->rights = rights_.share(authentication->rights);
}

policy::Result<Manager::FreshId> Manager::fresh_id() {
    auto id = SessionId::generate(random_);
    if (!id) return tl::unexpected(id.error());
    const auto digest = digest_of(*id, sha_);
    return FreshId{std::move(*id), digest};
}

Committed Manager::unchanged(const Occasion& occasion) const {
    const Loaded& loaded = occasion.loaded;
    Committed committed;
    committed.session = loaded.session;
    committed.handle = loaded.handle;
    if (loaded.cookie_is_stale) take_back(occasion.visit, committed);
    return committed;
}

void Manager::hand_out(const FamilyId& family, const SessionId& id, const Session& session,
                       const Visit& visit, Committed& committed) const {
    if (visit.transport == policy::Transport::Header) {
        committed.fields = {{settings_.header, cookies_.header_value(family, id, visit.host)}};
        return;
    }
    CookieFormat::Lifetime lifetime;
    if (settings_.cookie.is_persistent)
        lifetime = cookie_lifetime(session, settings_.limits, visit.now);
    committed.set_cookie = cookies_.issue(family, id, visit.host, lifetime);
    committed.fields.clear();
    if (settings_.cookie.has_write_cookie)
        committed.fields.push_back(
            {"Set-Cookie", cookies_.issue_write(family, id, visit.host, lifetime)});
}

void Manager::take_back(const Visit& visit, Committed& committed) const {
    if (visit.transport == policy::Transport::Header) {
        committed.fields = {{settings_.header, ""}};
        return;
    }
    committed.set_cookie = cookies_.clear();
    committed.fields.clear();
    if (settings_.client_keeps_record)
        committed.fields.push_back({"Set-Cookie", cookies_.clear_kept()});
    if (settings_.cookie.has_write_cookie)
        committed.fields.push_back({"Set-Cookie", cookies_.clear_write()});
}

// The store answers late writes to an expired session like those to an ended one.
bool Manager::has_expired(const Stored& stored, policy::Instant now) const {
    return expiry_of(*stored.session, stored.last_seen, settings_.limits, now) != Reason::None;
}

}  // namespace session
