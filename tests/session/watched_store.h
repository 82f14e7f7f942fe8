#pragma once

// A memory store that notes everything it is told, fails on demand, and lets a test step in just
// before a write, where another worker would.

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "policy/base/text.h"
#include "session/memory_store.h"

namespace fixtures {

class WatchedStore final : public session::Store {
public:
    session::Task<policy::Result<session::Lookup>> load(session::Locator at) override {
        ++loads;
        note(at);
        if (is_down) co_return down();
        co_return co_await inner.load(at);
    }

    session::Task<policy::Result<void>> create(session::Locator at, session::Record record,
                                               policy::Instant now) override {
        begin_write(at, record);
        if (refuses_writes) co_return down();
        co_return co_await inner.create(at, std::move(record), now);
    }

    session::Task<policy::Result<session::Write>> replace(session::Locator at,
                                                          session::Version expected,
                                                          session::Record record,
                                                          policy::Instant now) override {
        begin_write(at, record);
        if (refuses_writes) co_return down();
        co_return co_await inner.replace(at, expected, std::move(record), now);
    }

    session::Task<policy::Result<session::Write>> end(session::SessionKey key,
                                                      policy::Reason reason,
                                                      policy::Instant keep_until) override {
        ++writes;
        note(key);
        if (refuses_writes) co_return down();
        co_return co_await inner.end(key, reason, keep_until);
    }

    session::Task<void> touch(session::SessionKey key, policy::Instant now) override {
        ++touches;
        note(key);
        co_await inner.touch(key, now);
    }

    session::Task<policy::Result<std::vector<session::UserSession>>> sessions_of(
        policy::UserName user) override {
        if (is_down) co_return down();
        co_return co_await inner.sessions_of(std::move(user));
    }

    session::MemoryStore inner{{}};
    std::function<void()> before_write;  // Not called for the writes that it makes itself.
    bool is_down = false;
    bool refuses_writes = false;
    int loads = 0;
    int writes = 0;
    int touches = 0;
    std::string told;  // All keys, raw and in text, and all contents.

private:
    static tl::unexpected<policy::Error> down() {
        return policy::fail(policy::Reason::StoreUnavailable, "made to fail");
    }

    void begin_write(const session::SessionKey& key, const session::Record& record) {
        ++writes;
        note(key);
        note(record);
        if (!before_write || in_write_) return;
        in_write_ = true;
        before_write();
        in_write_ = false;
    }

    void note(const session::SessionKey& key) { note_bytes(key.bytes()); }

    // Names every member, so that a new one does not compile until it is noted, too. Of the vault
    // the one member is known by its size; a browser's view of it has all that a backend can set.
    void note(const session::Record& record) {
        const auto& [session, expires, idle, last_seen] = record;
        const auto& [ids, created, authentication, pending, environment, needs_step_up, jar,
                     cookie_issued, vault] = *session;
        const auto& [bound, last] = environment;
        static_assert(sizeof vault == sizeof(std::vector<session::VaultCookie>));
        for (const auto time : {expires, last_seen, created, cookie_issued}) note(time);
        told += std::to_string(idle.count()) + '\n' + std::to_string(needs_step_up) + '\n';
        note(ids);
        for (const auto& client : {bound, last})
            told += client.address.text() + '\n' + client.agent.text() + '\n';
        told += std::to_string(jar) + '\n';
        told += vault.header({"wiki", "wiki.example.org", "/"}, created) + '\n';
        if (pending) note(*pending);
        if (!authentication) return;
        const auto& [user, rights, at] = *authentication;
        note(policy::Identity{user, rights->login, rights->groups});
        note(at);
    }

    void note(const session::Ids& ids) {
        const auto& [generation, incarnation, current, since, former, offer] = ids;
        told += std::to_string(generation) + '\n' + std::to_string(incarnation) + '\n';
        note_bytes(current);
        note(since);
        if (former) {
            for (const auto& digest : former->digests) note_bytes(digest);
            if (former->nonce) note_bytes(*former->nonce);
        }
        if (!offer) return;
        note_bytes(offer->digest);
        note_bytes(offer->nonce);
    }

    void note(policy::Instant time) {
        told += std::to_string(time.time_since_epoch().count()) + '\n';
    }

    void note_bytes(std::span<const std::uint8_t> bytes) {
        told.append(bytes.begin(), bytes.end());
        told += '\n' + policy::to_hex(bytes) + '\n' + policy::to_base64url(bytes) + '\n';
    }

    void note(const policy::PendingLogin& pending) {
        const auto& [identity, target, until] = pending;
        note(identity);
        told += target + '\n';
        note(until);
    }

    void note(const policy::Identity& identity) {
        const auto& [user, login, groups] = identity;
        told += user.text() + '\n' + login.text() + '\n';
        for (const auto& group : groups) told += group + '\n';
    }

    bool in_write_ = false;
};

}  // namespace fixtures
