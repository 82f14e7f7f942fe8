// Manager::commit(): what an exchange taught becomes what is stored.

#include <utility>

#include "policy/http/set_cookie.h"
#include "session/findings.h"
#include "session/manager.h"

namespace session {

namespace {

using policy::Event;
using policy::Reason;

// Each lost race means that somebody else has written, so more than a few are a sign of trouble.
constexpr int kTries = 8;

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

}  // namespace

Task<policy::Result<Committed>> Manager::commit(const Loaded& loaded,
                                                std::span<const policy::SessionEvent> events,
                                                std::string_view host, policy::IpAddress client,
                                                policy::Instant now) {
    const Occasion occasion{loaded, events, host, client, now};
    if (events.empty()) co_return unchanged(occasion);
    if (!loaded.session) co_return co_await begin(occasion);
    co_return co_await amend(occasion);
}

void Manager::tell_overflow(const Occasion& occasion, std::size_t overflowed, const Vault& kept,
                            policy::Findings& findings) const {
    if (overflowed == 0) return;
    for (const auto& event : occasion.events) {
        const auto* set = std::get_if<policy::CookiesSet>(&event);
        if (!set) continue;
        findings.push_back(
            vault_full(names_without_room(*set, kept, settings_.vault, occasion.now)));
    }
}

Task<policy::Result<Committed>> Manager::begin(const Occasion& occasion) {
    Session blank;
    blank.created = occasion.now;
    blank.environment = {occasion.client, occasion.client};
    auto change = reduce(blank, occasion.events, settings_.vault, occasion.now);

    auto committed = unchanged(occasion);
    tell_overflow(occasion, change.overflowed, change.next.vault, committed.findings);
    if (change.kind == Change::Kind::End) co_return committed;
    // A request that crossed a login must not replace the cookie which that login has set.
    const bool may_begin =
        settings_.anonymous == AnonymousSessions::OnDemand && !occasion.loaded.crossed_login;
    const bool is_login = change.kind == Change::Kind::Rotate;
    if (!is_login && (!may_begin || change.next.vault.empty())) co_return committed;

    auto handle = generate_handle(random_);
    if (!handle) co_return tl::unexpected(handle.error());
    auto fresh = fresh_id();
    if (!fresh) co_return tl::unexpected(fresh.error());
    change.next.handle = std::move(*handle);
    change.next.generation = 1;
    committed.session = std::make_shared<const Session>(std::move(change.next));
    const auto created =
        co_await store_.create(fresh->key, record_of(committed.session), occasion.now);
    if (!created) co_return tl::unexpected(created.error());

    committed.set_cookie = cookies_.issue(fresh->id, occasion.host);
    committed.findings.push_back(
        finding_of(Event::SessionCreated, Reason::None, committed.session->handle));
    co_return committed;
}

Task<policy::Result<Committed>> Manager::amend(const Occasion& occasion) {
    const auto key = *occasion.loaded.key;
    Stored current{occasion.loaded.session, occasion.loaded.version, {}};
    for (int tries = 0; tries < kTries; ++tries) {
        auto written = co_await write(occasion, current);
        if (!written) co_return tl::unexpected(written.error());
        if (*written) co_return std::move(**written);

        const auto lookup = co_await store_.load(key);
        if (!lookup) co_return tl::unexpected(lookup.error());
        const auto* stored = std::get_if<Stored>(&*lookup);
        if (!stored || has_expired(*stored, occasion.now))
            co_return co_await follow(occasion, *lookup);
        current = *stored;
    }
    co_return policy::fail(Reason::StoreConflict, "session changed under every try to write it");
}

Task<Manager::Attempt> Manager::write(const Occasion& occasion, const Stored& current) {
    auto change = reduce(*current.session, occasion.events, settings_.vault, occasion.now);
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
    const auto written = co_await store_.replace(*occasion.loaded.key, current.version,
                                                 record_of(committed.session), occasion.now);
    if (!written) co_return tl::unexpected(written.error());
    if (*written != Write::Done) co_return std::nullopt;
    co_return committed;
}

Task<Manager::Attempt> Manager::rotate(const Occasion& occasion, const Stored& current,
                                       Change change) {
    auto fresh = fresh_id();
    if (!fresh) co_return tl::unexpected(fresh.error());
    if (change.cause == Change::Cause::Login)
        change.next.environment = {occasion.client, occasion.client};

    Committed committed;
    committed.session = std::make_shared<const Session>(std::move(change.next));
    const auto written = co_await store_.rotate(*occasion.loaded.key, current.version, fresh->key,
                                                record_of(committed.session), occasion.now);
    if (!written) co_return tl::unexpected(written.error());
    if (*written != Write::Done) co_return std::nullopt;

    committed.set_cookie = cookies_.issue(fresh->id, occasion.host);
    committed.findings.push_back(id_rotated(*committed.session, word(change.cause)));
    tell_overflow(occasion, change.overflowed, committed.session->vault, committed.findings);
    co_return committed;
}

Task<Manager::Attempt> Manager::end(const Occasion& occasion, const Stored& current,
                                    policy::Reason reason) {
    const auto ended = co_await store_.end(*occasion.loaded.key, reason,
                                           tombstone_end(*current.session, occasion.now));
    if (!ended) co_return tl::unexpected(ended.error());
    if (*ended != Write::Done) co_return std::nullopt;
    Committed committed;
    committed.set_cookie = cookies_.clear();
    committed.findings.push_back(end_finding(reason, current.session->handle));
    co_return committed;
}

policy::Result<Manager::FreshId> Manager::fresh_id() {
    auto id = SessionId::generate(random_);
    if (!id) return tl::unexpected(id.error());
    const auto key = SessionKey::of(*id, sha_);
    return FreshId{std::move(*id), key};
}

Committed Manager::unchanged(const Occasion& occasion) {
    const Loaded& loaded = occasion.loaded;
    Committed committed;
    committed.session = loaded.session;
    if (loaded.cookie_is_stale) committed.set_cookie = cookies_.clear();
    if (loaded.reissue) committed.set_cookie = cookies_.issue(*loaded.presented, occasion.host);
    return committed;
}

// The store answers late writes to an expired session like those to an ended one.
bool Manager::has_expired(const Stored& stored, policy::Instant now) const {
    return expiry_of(*stored.session, stored.last_seen, settings_.limits, now) != Reason::None;
}

Committed Manager::gone(const Lookup& found) const {
    Committed committed;
    // A login on another connection won: its cookie is in the browser now and must stay there.
    const auto* ended = std::get_if<Ended>(&found);
    const bool superseded = ended && ended->reason == Reason::Superseded;
    if (!superseded) committed.set_cookie = cookies_.clear();
    return committed;
}

}  // namespace session
