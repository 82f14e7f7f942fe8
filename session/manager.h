#pragma once

// The manager turns cookies into sessions and events into stored sessions. It knows ids, keys and
// limits; the store below knows only records. One manager per worker; managers share the store.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"
#include "policy/detectors/binding.h"
#include "policy/facts.h"
#include "policy/finding.h"
#include "policy/own_field.h"
#include "policy/route.h"
#include "policy/session_event.h"
#include "session/cookie.h"
#include "session/lifecycle.h"
#include "session/limits.h"
#include "session/random.h"
#include "session/repeats.h"
#include "session/rights.h"
#include "session/store.h"
#include "session/task.h"

namespace session {

enum class AnonymousSessions : std::uint8_t {
    Never,     // Strangers have none: cookies that a backend sets for them are dropped.
    OnDemand,  // Begun when there is something to remember.
};

struct ManagerSettings {
    CookieSettings cookie;
    bool client_keeps_record = false;  // The store has browsers keep what it would keep itself.
    std::string header;  // In which clients without cookies carry the token; empty: in none.
    // What browsers are told to clear when a session ends (REV-002); empty: nothing.
    std::vector<std::string> clear_site_data{"cache", "cookies", "storage"};
    Limits limits;
    RotationRules rotation;
    UserLimit user_limit;
    VaultLimits vault;
    policy::BindingPolicy binding;  // Tells which clients are the same.
    AnonymousSessions anonymous = AnonymousSessions::OnDemand;
};

// Who comes, when, and what for.
struct Visit {
    // Whether the visit keeps the session from going idle (LIF-006).
    enum class Activity : std::uint8_t { Counts, Ignored };

    std::string_view host;
    policy::ClientEnvironment client;
    policy::Instant now{};
    Activity activity = Activity::Counts;
    policy::Transport transport = policy::Transport::Cookie;
    std::optional<std::string_view> token = {};  // Value of the header, with Transport::Header.
};

// Whether the answer may carry a successor of the id: not one that the browser may never see, or
// fetched before somebody wanted it (ROT-007).
enum class Succession : std::uint8_t { MayBeOffered, NotNow };

// The session of one request, as it was when the request came.
struct Loaded {
    std::optional<Locator> at;               // This and what follows is set when `session` is.
    std::shared_ptr<const Session> session;  // Null for strangers without a session.
    Handle handle;
    Version version = 0;
    policy::Instant last_seen{};
    std::optional<Ticket> ticket;  // As presented.
    IdDigest digest{};             // Of the id in it.
    bool under_old_key = false;    // Signed by a key that is to be replaced.
    bool may_write = true;         // See Presented.
    std::string kept = {};         // What the client brought for the store.

    policy::Reason refused = policy::Reason::None;  // Why the presented cookie was not accepted.
    bool cookie_is_stale = false;                   // The browser holds a cookie to be cleared.
    bool crossed_login = false;                     // Sent before the login's cookie arrived.
    policy::Findings findings;

    [[nodiscard]] policy::SessionFacts facts() const;
};

struct Committed {
    std::shared_ptr<const Session> session;  // As stored now; null when there is none (any more).
    Handle handle;                           // Of it.
    bool is_late = false;       // It ended, or went on without this request: nothing may be set.
    std::string set_cookie;     // Value of our Set-Cookie field; empty for none.
    policy::OwnFields fields;   // What else the answer has to say.
    policy::Findings findings;  // session_created, session_id_rotated, ...
};

class Manager {
public:
    // `repeats` is shared by those who share the store; without one it is the manager's own.
    Manager(Store& store, Random& random, ManagerSettings settings, KeyRing keys,
            std::shared_ptr<Repeats> repeats = std::make_shared<Repeats>());

    [[nodiscard]] const CookieFormat& cookies() const { return cookies_; }

    // Never an error for what a client sent: forged, unknown, expired and ended sessions yield a
    // stranger with `refused` and a finding. A session found expired is ended in the store, and so
    // is, if the policy wants it, one of which an id came back that was replaced.
    // Errors: StoreUnavailable, StoreConflict.
    [[nodiscard]] Task<policy::Result<Loaded>> load(std::span<const policy::CookiePair> cookies,
                                                    const Visit& visit);

    // Applies what the exchange taught and stores it before returning, so that the cookie in the
    // result may leave. Re-loads and re-applies on conflict; when the session has ended meanwhile
    // nothing is written and no cookie leaves. `visit` is that of load(), later; a session that
    // begins or is logged in here is bound to its client.
    // Errors: StoreUnavailable, StoreFull, StoreConflict, RandomUnavailable, TooManyStrangers,
    // TooManySessions.
    [[nodiscard]] Task<policy::Result<Committed>> commit(
        const Loaded& loaded, std::span<const policy::SessionEvent> events, const Visit& visit,
        Succession succession = Succession::MayBeOffered);

    // Whether the session that a request came with still lives. True when it came without one.
    // Errors: StoreUnavailable.
    [[nodiscard]] Task<policy::Result<bool>> still_lives(const Loaded& loaded, policy::Instant now);

private:
    // What commit() was called with, for the steps below it.
    struct Occasion {
        const Loaded& loaded;
        std::span<const policy::SessionEvent> events;
        const Visit& visit;
        Succession succession;
    };

    struct FreshId {
        SessionId id;
        IdDigest digest;
    };

    // A presented id, and the session of its family.
    struct Presence {
        Locator key;
        IdDigest digest;
        Stored stored;
        const Visit& visit;
    };

    // These return nothing when somebody else wrote first, or ended the session.
    using Admission = policy::Result<std::optional<Loaded>>;
    using Attempt = policy::Result<std::optional<Committed>>;

    [[nodiscard]] Presented read(std::span<const policy::CookiePair> cookies,
                                 const Visit& visit) const;
    [[nodiscard]] Task<policy::Result<Loaded>> find(const Locator& at, const IdDigest& digest,
                                                    const Visit& visit);
    [[nodiscard]] Task<Admission> admit(const Presence& presence);
    [[nodiscard]] Task<Admission> expire(const Presence& presence, policy::Reason reason);
    [[nodiscard]] Task<Admission> take_up(const Presence& presence);
    [[nodiscard]] Loaded late(const SessionKey& key, policy::Reason reason, policy::Instant now);

    // See manager_reuse.cpp.
    [[nodiscard]] Task<Admission> answer_reuse(const Presence& presence);
    [[nodiscard]] Task<policy::Result<Write>> react(const Presence& presence,
                                                    policy::Findings& findings);
    [[nodiscard]] Task<policy::Result<void>> end_others(const Presence& presence,
                                                        policy::Findings& findings);

    [[nodiscard]] Task<policy::Result<Committed>> settle(const Occasion& occasion);
    [[nodiscard]] Task<policy::Result<Committed>> begin(const Occasion& occasion);
    [[nodiscard]] Task<policy::Result<Committed>> amend(const Occasion& occasion);
    [[nodiscard]] Task<Attempt> write(const Occasion& occasion, const Stored& current);
    [[nodiscard]] Task<Attempt> update(const Occasion& occasion, const Stored& current,
                                       Change change);
    [[nodiscard]] Task<Attempt> rotate(const Occasion& occasion, const Stored& current,
                                       Change change);
    [[nodiscard]] Task<Attempt> end(const Occasion& occasion, const Stored& current,
                                    policy::Reason reason);

    // See manager_follow.cpp.
    [[nodiscard]] Task<Attempt> pass_on(const Occasion& occasion, const Stored& current);

    // What the browser is told to keep from now on. See manager_renew.cpp.
    enum class Renewal : std::uint8_t {
        None,       // What it has.
        SameId,     // The same id, in a new cookie.
        CatchUp,    // The id that has replaced its own a moment ago.
        Successor,  // That of its id.
    };
    [[nodiscard]] Renewal renewal_of(const Session& session, const Occasion& occasion) const;
    [[nodiscard]] bool wants_fresh_cookie(const Session& session, const Occasion& occasion) const;
    [[nodiscard]] Task<Attempt> issue_again(const Occasion& occasion, const Stored& current,
                                            Committed committed);
    [[nodiscard]] Task<policy::Result<Committed>> renew(const Occasion& occasion,
                                                        Committed committed);
    [[nodiscard]] Task<Attempt> offer(const Occasion& occasion, const Stored& current,
                                      Committed committed);

    // See manager_limit.cpp.
    [[nodiscard]] Task<policy::Result<Committed>> keep_user_limit(const SessionKey& key,
                                                                  const Occasion& occasion,
                                                                  Committed committed);

    // Adds a finding when the limits of the vault, of which `kept` is what came of it, left no
    // room.
    void tell_overflow(const Occasion& occasion, std::size_t overflowed, const Vault& kept,
                       policy::Findings& findings) const;

    // What the client is told to keep, and to forget.
    void hand_out(const FamilyId& family, const SessionId& id, const Session& session,
                  const Visit& visit, Committed& committed) const;
    void take_back(const Visit& visit, Committed& committed) const;

    void add_kept(const Loaded& loaded, const Visit& visit, Committed& committed);
    void share_rights(Session& session);
    [[nodiscard]] policy::Result<FreshId> fresh_id();
    [[nodiscard]] Committed unchanged(const Occasion& occasion) const;
    [[nodiscard]] bool has_expired(const Stored& stored, policy::Instant now) const;
    [[nodiscard]] Record record_of(std::shared_ptr<const Session> session,
                                   policy::Instant last_seen) const;
    [[nodiscard]] Record record_of(std::shared_ptr<const Session> session,
                                   const Occasion& occasion) const;
    [[nodiscard]] policy::Instant tombstone_end(const Session& session, policy::Instant now) const;

    Store& store_;
    Random& random_;
    ManagerSettings settings_;
    CookieFormat cookies_;
    std::shared_ptr<Repeats> repeats_;
    RightsPool rights_;
    Sha256 sha_;
};

}  // namespace session
