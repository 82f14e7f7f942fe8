#pragma once

// Store: what keeps sessions between requests. It sees keys, digests and values, never ids. Every
// write is conditional, and an ended session stays ended: whoever comes late is told so.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/base/reason.h"
#include "policy/base/result.h"
#include "policy/base/time.h"
#include "session/id.h"
#include "session/session.h"
#include "session/task.h"

namespace session {

using Version = std::uint64_t;  // Grows with each write of one record.

struct Stored {
    std::shared_ptr<const Session> session;
    Version version = 0;
    policy::Instant last_seen{};
};

// A tombstone.
struct Ended {
    policy::Reason reason = policy::Reason::Revoked;
};

struct Missing {};

using Lookup = std::variant<Missing, Ended, Stored>;

enum class Write : std::uint8_t {
    Done,
    Conflict,  // Somebody else wrote first: load again and re-apply.
    Gone,      // The session has ended or is unknown; nothing was written.
};

// A session and how long it may be kept: until `expires` (its absolute end) or until it was idle
// for `idle`, whichever comes first. From then on it cannot be written or touched any more.
struct Record {
    std::shared_ptr<const Session> session;
    policy::Instant expires{};
    policy::Duration idle{};
    policy::Instant last_seen{};  // Of the activity that is noted with it; never moves back.
};

// One of a user's sessions.
struct UserSession {
    SessionKey key;
    policy::Instant authenticated_at{};
};

// Hears of each session that has ended, whoever ended it, after that is settled. `session` is as it
// was; null where it was ended elsewhere and nothing more is known here. With the session it is
// told once. Callable from any thread.
class EndListener {
public:
    virtual ~EndListener() = default;
    virtual void ended(const SessionKey& key, const Session* session, policy::Reason reason) = 0;
};

// Errors of every call: StoreUnavailable. Callable from any thread.
class Store {
public:
    virtual ~Store() = default;

    [[nodiscard]] virtual Task<policy::Result<Lookup>> load(Locator at) = 0;

    // Errors: StoreFull, TooManyStrangers; StoreConflict when the key was ever used before.
    [[nodiscard]] virtual Task<policy::Result<void>> create(Locator at, Record record,
                                                            policy::Instant now) = 0;

    [[nodiscard]] virtual Task<policy::Result<Write>> replace(Locator at, Version expected,
                                                              Record record,
                                                              policy::Instant now) = 0;

    // Unconditional: ending wins over every other write. Leaves a tombstone until `keep_until`.
    // Returns Gone when it had ended before or was never there.
    [[nodiscard]] virtual Task<policy::Result<Write>> end(SessionKey key, policy::Reason reason,
                                                          policy::Instant keep_until) = 0;

    // Notes activity; never revives anything and never fails a request.
    virtual Task<void> touch(SessionKey key, policy::Instant now) = 0;

    // For stores that have the client keep the record: what it brought under `key`, and what it is
    // to be given in its place, if that is something else than it brought. Others keep it
    // themselves.
    virtual void present(SessionKey, std::string_view) {}
    [[nodiscard]] virtual std::optional<std::string> to_keep(SessionKey, std::string_view) {
        return std::nullopt;
    }

    // All live sessions of `user`, in no particular order.
    [[nodiscard]] virtual Task<policy::Result<std::vector<UserSession>>> sessions_of(
        policy::UserName user) = 0;
};

}  // namespace session
