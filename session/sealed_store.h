#pragma once

// The store that keeps nothing: the client holds the record, sealed, beside its token (README.md
// says what that cannot do). What is in use is remembered here, bounded, so that parallel requests
// agree; who was logged out is remembered until it would have ended anyway. When there are too many
// of those, everything that was sealed before is over.

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "session/clock.h"
#include "session/directory.h"
#include "session/recency_map.h"
#include "session/seal.h"
#include "session/store.h"

namespace session {

struct SealedLimits {
    std::size_t in_use = 100'000;  // Sessions that are remembered.
    std::size_t denied = 100'000;  // Ends and replaced ids that are.
    std::size_t bytes = 3800;      // Of what a client keeps: browsers drop cookies beyond 4096.
    // What was sealed before is over.
    policy::Instant epoch{};
};

class SealedStore final : public Store, public Directory {
public:
    // `random`, `clock` and `listener`, if any, outlive this.
    SealedStore(SealedLimits limits, Sealer sealer, Random& random, const Clock& clock,
                EndListener* listener = nullptr);

    void present(SessionKey key, std::string_view kept) override;
    std::optional<std::string> to_keep(SessionKey key, std::string_view kept) override;

    Task<policy::Result<Lookup>> load(Locator at) override;
    // Errors: StoreFull when the record is too large to be kept, or no randomness is to be had.
    Task<policy::Result<void>> create(Locator at, Record record, policy::Instant now) override;
    Task<policy::Result<Write>> replace(Locator at, Version expected, Record record,
                                        policy::Instant now) override;
    Task<policy::Result<Write>> end(SessionKey key, policy::Reason reason,
                                    policy::Instant keep_until) override;
    Task<void> touch(SessionKey key, policy::Instant now) override;
    Task<policy::Result<std::vector<UserSession>>> sessions_of(policy::UserName user) override;

    // Those in use. Revoking knows a handle, or all that was begun before a time; a user and a
    // network only as far as they are in use.
    Task<policy::Result<std::vector<Summary>>> list(Selection selection, std::size_t most) override;
    Task<policy::Result<Revoked>> revoke(Selection selection, Mode mode, std::size_t most) override;

private:
    struct Entry {
        Record record;
        Version version = 1;
        std::string kept;  // As the client has it, or is to be given it; empty until it is sealed.
    };
    // What is over: the session, or those of its ids that were current before a login.
    struct Denied {
        policy::Reason reason = policy::Reason::Superseded;
        bool is_over = false;
        std::uint32_t incarnation = 0;  // The least that is honoured.
        policy::Instant until{};
    };

    [[nodiscard]] Entry* find(const SessionKey& key, policy::Instant now);
    [[nodiscard]] std::optional<Record> take_out(const SessionKey& key, policy::Reason reason,
                                                 policy::Instant keep_until);
    [[nodiscard]] std::optional<Entry> unseal(const SessionKey& key, std::string_view kept) const;
    [[nodiscard]] bool fits(const Record& record) const;
    void deny(const SessionKey& key, Denied denied);
    [[nodiscard]] bool is_denied(const SessionKey& key, const Session& session) const;

    SealedLimits limits_;
    Sealer sealer_;
    Random& random_;
    const Clock& clock_;
    EndListener* listener_;
    mutable std::mutex mutex_;  // Guards what follows.
    RecencyMap<Entry> in_use_;
    std::unordered_map<SessionKey, Denied> denied_;
    policy::Instant epoch_;
};

}  // namespace session
