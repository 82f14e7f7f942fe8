#pragma once

// The manager turns cookies into sessions and events into stored sessions. It knows ids, keys and
// limits; the store below knows only records. One manager per worker; managers share the store.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "policy/facts.h"
#include "policy/finding.h"
#include "policy/http/network.h"
#include "policy/session_event.h"
#include "session/cookie.h"
#include "session/lifecycle.h"
#include "session/limits.h"
#include "session/random.h"
#include "session/store.h"
#include "session/task.h"

namespace session {

enum class AnonymousSessions : std::uint8_t {
    Never,     // Strangers have none: cookies that a backend sets for them are dropped.
    OnDemand,  // Begun when there is something to remember.
};

struct ManagerSettings {
    CookieSettings cookie;
    Limits limits;
    VaultLimits vault;
    AnonymousSessions anonymous = AnonymousSessions::OnDemand;
};

// The session of one request, as it was when the request came.
struct Loaded {
    std::optional<SessionKey> key;           // Set when `session` is.
    std::shared_ptr<const Session> session;  // Null for strangers without a session.
    Version version = 0;
    policy::Reason refused = policy::Reason::None;  // Why the presented cookie was not accepted.
    bool cookie_is_stale = false;                   // The browser holds a cookie to be cleared.
    bool crossed_login = false;                     // Sent before the login's cookie arrived.
    bool reissue = false;                           // Signed under an old key.
    std::shared_ptr<const SessionId> presented;     // Set when `reissue` is.
    policy::Findings findings;

    [[nodiscard]] policy::SessionFacts facts() const;
};

struct Committed {
    std::shared_ptr<const Session> session;  // As stored now; null when there is none (any more).
    std::string set_cookie;                  // Value of our Set-Cookie field; empty for none.
    policy::Findings findings;               // session_created, session_id_rotated, ...
};

class Manager {
public:
    Manager(Store& store, Random& random, ManagerSettings settings, KeyRing keys);

    [[nodiscard]] const CookieFormat& cookies() const { return cookies_; }

    // Never an error for what a client sent: forged, unknown, expired and ended sessions yield a
    // stranger with `refused` and a finding. A session found expired is ended in the store.
    // Errors: StoreUnavailable.
    [[nodiscard]] Task<policy::Result<Loaded>> load(std::span<const policy::CookiePair> cookies,
                                                    std::string_view host, policy::Instant now);

    // Applies what the exchange taught and stores it before returning, so that the cookie in the
    // result may leave. Re-loads and re-applies on conflict; when the session has ended meanwhile
    // nothing is written and nothing but a clearing cookie leaves. `client` is where a session
    // that begins or rotates here is bound to.
    // Errors: StoreUnavailable, StoreFull, StoreConflict, RandomUnavailable.
    [[nodiscard]] Task<policy::Result<Committed>> commit(
        const Loaded& loaded, std::span<const policy::SessionEvent> events, std::string_view host,
        policy::IpAddress client, policy::Instant now);

private:
    // What commit() was called with, for the steps below it.
    struct Occasion {
        const Loaded& loaded;
        std::span<const policy::SessionEvent> events;
        std::string_view host;
        policy::IpAddress client;
        policy::Instant now;
    };

    struct FreshId {
        SessionId id;
        SessionKey key;
    };

    [[nodiscard]] Task<policy::Result<Loaded>> load_stored(SessionKey key, const Stored& stored,
                                                           policy::Instant now);
    [[nodiscard]] Task<policy::Result<Committed>> begin(const Occasion& occasion);
    [[nodiscard]] Task<policy::Result<Committed>> amend(const Occasion& occasion);

    // These return nothing when somebody else wrote first, or ended the session.
    using Attempt = policy::Result<std::optional<Committed>>;
    [[nodiscard]] Task<Attempt> write(const Occasion& occasion, const Stored& current);
    [[nodiscard]] Task<Attempt> update(const Occasion& occasion, const Stored& current,
                                       Change change);
    [[nodiscard]] Task<Attempt> rotate(const Occasion& occasion, const Stored& current,
                                       Change change);
    [[nodiscard]] Task<Attempt> end(const Occasion& occasion, const Stored& current,
                                    policy::Reason reason);

    // Adds a finding when the limits of the vault, of which `kept` is what came of it, left no
    // room.
    void tell_overflow(const Occasion& occasion, std::size_t overflowed, const Vault& kept,
                       policy::Findings& findings) const;

    [[nodiscard]] policy::Result<FreshId> fresh_id();
    [[nodiscard]] Committed unchanged(const Occasion& occasion);
    [[nodiscard]] bool has_expired(const Stored& stored, policy::Instant now) const;

    // See manager_follow.cpp.
    [[nodiscard]] Task<policy::Result<Committed>> follow(const Occasion& occasion,
                                                         const Lookup& found);
    [[nodiscard]] Task<policy::Result<Write>> pass_on(SessionKey key, const Stored& successor,
                                                      std::span<const policy::SessionEvent> events,
                                                      const Occasion& occasion,
                                                      policy::Findings& findings);

    // What is left to say when the session ended meanwhile.
    [[nodiscard]] Committed gone(const Lookup& found) const;
    [[nodiscard]] Record record_of(std::shared_ptr<const Session> session) const;
    [[nodiscard]] policy::Instant tombstone_end(const Session& session, policy::Instant now) const;

    Store& store_;
    Random& random_;
    ManagerSettings settings_;
    CookieFormat cookies_;
    Sha256 sha_;
};

}  // namespace session
