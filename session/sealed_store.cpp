#include "session/sealed_store.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "session/bytes.h"
#include "session/codec.h"
#include "session/selection.h"

namespace session {

namespace {

using policy::Reason;

std::string name_of(const SessionKey& key) {
    return {key.bytes().begin(), key.bytes().end()};
}

policy::Instant end_of(const Record& record) {
    return std::min(record.expires, record.last_seen + record.idle);
}

std::string to_bytes(const Record& record, Version version, policy::Instant now) {
    ByteWriter out;
    out.time(now);
    out.number(version);
    out.time(record.expires);
    out.number(static_cast<std::uint64_t>(record.idle.count()));
    out.time(record.last_seen);
    out.raw(encode(*record.session));
    return out.take();
}

}  // namespace

SealedStore::SealedStore(SealedLimits limits, Sealer sealer, Random& random, const Clock& clock,
                         EndListener* listener)
    : limits_(limits),
      sealer_(std::move(sealer)),
      random_(random),
      clock_(clock),
      listener_(listener),
      in_use_(limits.in_use),
      epoch_(limits.epoch) {}

bool SealedStore::fits(const Record& record) const {
    return Sealer::size_of(to_bytes(record, Version(-1), clock_.now()).size()) <= limits_.bytes;
}

std::optional<SealedStore::Entry> SealedStore::unseal(const SessionKey& key,
                                                      std::string_view kept) const {
    const auto opened = sealer_.open(kept, key.handle().text());
    if (!opened) return std::nullopt;
    std::string_view rest = opened->plain;
    ByteReader in(rest);
    const auto sealed_at = in.time();
    Entry entry;
    entry.version = in.number();
    entry.record.expires = in.time();
    entry.record.idle = policy::Duration(static_cast<policy::Duration::rep>(in.number()));
    entry.record.last_seen = in.time();
    auto session = decode(in.rest());
    if (!in.ok() || !session || sealed_at < epoch_) return std::nullopt;
    entry.record.session = std::make_shared<const Session>(std::move(*session));
    if (!opened->under_old_key) entry.kept = kept;
    return entry;
}

void SealedStore::deny(const SessionKey& key, Denied denied) {
    const auto now = clock_.now();
    if (denied_.size() >= limits_.denied && !denied_.contains(key)) {
        std::erase_if(denied_, [now](const auto& each) { return each.second.until <= now; });
        // No room to remember who is out: then everybody is who is not in use.
        if (denied_.size() >= limits_.denied) {
            denied_.clear();
            epoch_ = now;
        }
    }
    denied_[key] = denied;
}

bool SealedStore::is_denied(const SessionKey& key, const Session& session) const {
    const auto found = denied_.find(key);
    return found != denied_.end() &&
           (found->second.is_over || session.ids.incarnation < found->second.incarnation);
}

// What is remembered is at least as good as what the client brings, but for what another process of
// the same keys has written since.
void SealedStore::present(SessionKey key, std::string_view kept) {
    const std::scoped_lock lock(mutex_);
    auto* known = in_use_.find(name_of(key));
    if (known && known->kept == kept) return;
    auto brought = unseal(key, kept);
    if (!brought || is_denied(key, *brought->record.session)) return;
    const auto age = [](const Entry& entry) {
        return std::pair(entry.version, entry.record.last_seen);
    };
    if (known && age(*known) >= age(*brought)) return;
    in_use_.use(name_of(key)) = std::move(*brought);
}

std::optional<std::string> SealedStore::to_keep(SessionKey key, std::string_view kept) {
    const std::scoped_lock lock(mutex_);
    auto* entry = in_use_.find(name_of(key));
    if (!entry || (!entry->kept.empty() && entry->kept == kept)) return std::nullopt;
    if (entry->kept.empty()) {
        auto sealed = sealer_.seal(to_bytes(entry->record, entry->version, clock_.now()),
                                   key.handle().text(), random_);
        if (!sealed) return std::nullopt;
        entry->kept = std::move(*sealed);
    }
    return entry->kept;
}

SealedStore::Entry* SealedStore::find(const SessionKey& key, policy::Instant now) {
    auto* entry = in_use_.find(name_of(key));
    return entry && end_of(entry->record) > now ? entry : nullptr;
}

Task<policy::Result<Lookup>> SealedStore::load(Locator at) {
    const SessionKey& key = at.key;
    const std::scoped_lock lock(mutex_);
    if (const auto* entry = in_use_.find(name_of(key)))
        co_return Lookup(Stored{entry->record.session, entry->version, entry->record.last_seen});
    const auto denied = denied_.find(key);
    if (denied != denied_.end() && denied->second.is_over)
        co_return Lookup(Ended{denied->second.reason});
    co_return Lookup(Missing{});
}

Task<policy::Result<void>> SealedStore::create(Locator at, Record record, policy::Instant) {
    const SessionKey& key = at.key;
    if (!fits(record))
        co_return policy::fail(Reason::StoreFull, "sealed store: a client cannot keep so much");
    const std::scoped_lock lock(mutex_);
    if (in_use_.find(name_of(key)) || denied_.contains(key))
        co_return policy::fail(Reason::StoreConflict, "sealed store: key was used before");
    in_use_.use(name_of(key)) = {std::move(record), 1, {}};
    co_return policy::ok();
}

Task<policy::Result<Write>> SealedStore::replace(Locator at, Version expected, Record record,
                                                 policy::Instant now) {
    const SessionKey& key = at.key;
    if (!fits(record))
        co_return policy::fail(Reason::StoreFull, "sealed store: a client cannot keep so much");
    const std::scoped_lock lock(mutex_);
    auto* entry = find(key, now);
    if (!entry) co_return Write::Gone;
    if (entry->version != expected) co_return Write::Conflict;
    const auto& ids = record.session->ids;
    if (ids.incarnation != entry->record.session->ids.incarnation)
        deny(key, {Reason::Superseded, false, ids.incarnation, record.expires});
    record.last_seen = std::max(entry->record.last_seen, record.last_seen);
    *entry = {std::move(record), expected + 1, {}};
    co_return Write::Done;
}

std::optional<Record> SealedStore::take_out(const SessionKey& key, Reason reason,
                                            policy::Instant keep_until) {
    const std::scoped_lock lock(mutex_);
    const auto* entry = in_use_.find(name_of(key));
    if (!entry) return std::nullopt;
    auto record = entry->record;
    in_use_.erase(name_of(key));
    deny(key, {reason, true, 0, std::max(keep_until, record.expires)});
    return record;
}

Task<policy::Result<Write>> SealedStore::end(SessionKey key, Reason reason,
                                             policy::Instant keep_until) {
    const auto record = take_out(key, reason, keep_until);
    if (!record) co_return Write::Gone;
    if (listener_) listener_->ended(key, record->session.get(), reason);
    co_return Write::Done;
}

Task<void> SealedStore::touch(SessionKey key, policy::Instant now) {
    const std::scoped_lock lock(mutex_);
    auto* entry = find(key, now);
    if (!entry || entry->record.last_seen >= now) co_return;
    entry->record.last_seen = now;
    entry->kept.clear();
}

Task<policy::Result<std::vector<UserSession>>> SealedStore::sessions_of(policy::UserName user) {
    const std::scoped_lock lock(mutex_);
    std::vector<UserSession> sessions;
    in_use_.for_each([&](const std::string& name, const Entry& entry) {
        const auto& authentication = entry.record.session->authentication;
        if (!authentication || authentication->user != user) return;
        sessions.push_back({*SessionKey::from_bytes(name), authentication->at});
    });
    co_return sessions;
}

Task<policy::Result<std::vector<Summary>>> SealedStore::list(Selection selection,
                                                             std::size_t most) {
    auto found = co_await revoke(std::move(selection), Mode::Rehearsal, most);
    if (!found) co_return tl::unexpected(found.error());
    co_return std::move(found->first);
}

Task<policy::Result<Revoked>> SealedStore::revoke(Selection selection, Mode mode,
                                                  std::size_t most) {
    std::vector<std::pair<SessionKey, Record>> meant;
    {
        const std::scoped_lock lock(mutex_);
        in_use_.for_each([&](const std::string& name, const Entry& entry) {
            const auto key = *SessionKey::from_bytes(name);
            if (is_meant(selection, key, *entry.record.session))
                meant.emplace_back(key, entry.record);
        });
        const bool is_real = mode == Mode::ForReal;
        const auto handle = selection.handle;
        // One that is not in use may come again.
        if (is_real && handle && meant.empty() && SessionKey::parse(*handle))
            deny(*SessionKey::parse(*handle),
                 {Reason::Revoked, true, 0, clock_.now() + std::chrono::hours(24 * 30)});
        const bool means_all = !handle && !selection.user && !selection.network;
        if (is_real && means_all)
            epoch_ = std::max(epoch_, selection.created_before.value_or(clock_.now()));
    }
    Revoked revoked;
    for (const auto& [key, record] : meant) {
        if (mode == Mode::ForReal) {
            const auto ended = co_await end(key, Reason::Revoked, record.expires);
            if (!ended) co_return tl::unexpected(ended.error());
            if (*ended != Write::Done) continue;
        }
        revoked.sessions += 1;
        if (revoked.first.size() < most) revoked.first.push_back(summary_of(key, record));
    }
    co_return revoked;
}

}  // namespace session
