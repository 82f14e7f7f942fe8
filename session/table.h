#pragma once

// Table: sessions as a server outside this process keeps them: sealed, under their keys. Each call
// is one atomic step there. What a row means is the business of the SharedStore above it.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "policy/base/result.h"
#include "policy/base/time.h"
#include "session/id.h"
#include "session/store.h"
#include "session/task.h"

namespace session {

struct Row {
    Version version = 1;
    policy::Instant expires{};  // At the latest; and when it was idle for `idle`.
    policy::Duration idle{};
    policy::Instant last_seen{};
    policy::Instant begun{};  // Created or, for users, logged in.
    std::string record;       // Sealed: see RecordSealer.
    std::string summary;
    std::string user;  // Names the user in indexes without saying who that is; empty: a stranger.
    std::string network;  // Of strangers, who are counted by it.

    [[nodiscard]] policy::Instant end() const { return std::min(expires, last_seen + idle); }
};

using RowLookup = std::variant<Missing, Ended, Row>;

// How a session is ended. `is_told` says that its backend is told by the one who ended it.
struct Burial {
    policy::Reason reason = policy::Reason::Revoked;
    policy::Instant keep_until{};
    bool is_told = false;
};

// Some rows, without their records, and where to go on; empty: there are no more.
struct Page {
    std::vector<std::pair<SessionKey, Row>> rows;
    std::string next;
};

// A session that a sweep has ended.
struct Swept {
    SessionKey key;
    policy::Reason reason = policy::Reason::IdleTimeout;
};

// Errors of every call: StoreUnavailable. For one thread and its loop.
class Table {
public:
    virtual ~Table() = default;

    // The summary may be left out.
    [[nodiscard]] virtual Task<policy::Result<RowLookup>> load(SessionKey key) = 0;

    // Errors: StoreConflict when `key` was ever used before; TooManyStrangers; StoreFull.
    [[nodiscard]] virtual Task<policy::Result<void>> insert(SessionKey key, Row row,
                                                            policy::Instant now) = 0;
    // Activity that was noted meanwhile stays noted. Errors: StoreFull.
    [[nodiscard]] virtual Task<policy::Result<Write>> update(SessionKey key, Version expected,
                                                             Row row, policy::Instant now) = 0;
    // Wins over everything else, and is told to all who listen.
    [[nodiscard]] virtual Task<policy::Result<Write>> bury(SessionKey key, Burial burial,
                                                           policy::Instant now) = 0;
    // Best effort, soon.
    virtual Task<void> touch(SessionKey key, policy::Instant now) = 0;

    // A live row without its record; nothing when there is none.
    [[nodiscard]] virtual Task<policy::Result<std::optional<Row>>> describe(SessionKey key) = 0;
    // Live rows of a user, without their records.
    [[nodiscard]] virtual Task<policy::Result<Page>> of_user(std::string user) = 0;
    // All live rows, a page at a time. An empty `from` begins.
    [[nodiscard]] virtual Task<policy::Result<Page>> page(std::string from) = 0;

    // Ends what has expired, at most `most`; each session once, whoever sweeps.
    [[nodiscard]] virtual Task<policy::Result<std::vector<Swept>>> sweep(policy::Instant now,
                                                                         std::size_t most) = 0;

    // Sessions that were begun before it are over. Only moves forward.
    [[nodiscard]] virtual Task<policy::Result<policy::Instant>> epoch() = 0;
    [[nodiscard]] virtual Task<policy::Result<void>> raise_epoch(policy::Instant epoch) = 0;
};

// What one gateway tells all others.
struct Notice {
    std::optional<SessionKey> ended;  // Nothing: the epoch was raised.
    policy::Reason reason = policy::Reason::Revoked;
    bool is_told = false;
    policy::Instant epoch{};
};

// As one line of text, and back; nothing for what write_notice() did not make.
[[nodiscard]] std::string write_notice(const Notice& notice);
[[nodiscard]] std::optional<Notice> read_notice(std::string_view text);

}  // namespace session
