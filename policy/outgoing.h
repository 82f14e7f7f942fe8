#pragma once

// What crosses the gateway: the header fields a backend may see, and those a browser may see.
// Whatever only Sallyport may say is removed in every spelling before ours is added last, so
// nobody can say it in our name or make us take it back (IDF-001 to IDF-006, CKI-008, HTP-005).

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/arena.h"
#include "policy/cookie_rules.h"
#include "policy/decision.h"
#include "policy/facts.h"
#include "policy/finding.h"
#include "policy/http/cookie.h"
#include "policy/http/framing.h"
#include "policy/http/reserved_names.h"
#include "policy/location.h"
#include "policy/own_field.h"

namespace policy {

struct HeaderRules {
    ReservedNames reserved;
    std::function<bool(std::string_view)> is_own_cookie;  // In any spelling that might be folded.
    std::vector<std::string> path_parameters = {};  // That hold a backend's session id; lower case.
};

struct RequestParts {
    const RequestHead& head;
    const RequestFacts& facts;
    const SessionFacts& session;
    std::span<const CookiePair> cookies;  // Of the client.
    std::string_view vault;               // Of the session, as the value of a Cookie field.
    std::string_view request_id;
};

// The value of the Cookie field for the backend, and the names that the browser sent in vain.
struct OutgoingCookies {
    std::string_view value;
    std::vector<std::string_view> refused;  // Views into the head; ours are not among them.
};
[[nodiscard]] OutgoingCookies outgoing_cookies(const Permit& permit, const RequestParts& parts,
                                               const HeaderRules& rules, Arena& arena);

struct OutgoingRequest {
    Findings findings;  // header_spoof_stripped when the client sent reserved names.
    std::vector<std::string_view> refused;  // Cookies whose names the policy does not let out.
};

// backend_cookie_refused, for names that are known to be the backend's.
[[nodiscard]] Finding cookie_refused(std::span<const std::string_view> names);

// Fills `out` with the fields for the backend, without those that frame the body. Values live in
// the head or in `arena`.
[[nodiscard]] OutgoingRequest outgoing_request(const Permit& permit, const RequestParts& parts,
                                               const HeaderRules& rules, Arena& arena,
                                               FieldList& out);

// The backend's cookies, sorted by what the policy does with them. Where paths are mapped, those
// for the browser have the public path, and one whose path cannot be reached is left out.
struct BackendCookies {
    std::vector<std::string> vaulted;        // Set-Cookie lines for the session.
    std::vector<std::string_view> released;  // Set-Cookie lines for the browser.
    Findings findings;                       // backend_cookie_conflict: a cookie in our name.
};
[[nodiscard]] BackendCookies sort_cookies(const ResponseHead& head, const Crossing& crossing,
                                          const HeaderRules& rules, Arena& arena);

struct ResponseParts {
    const ResponseHead& head;
    Method request = Method::Get;
    std::span<const std::string_view> released;  // From sort_cookies().
    std::span<const std::string> removals;       // From removals_of(), stale_cookies.h.
    std::string_view own_cookie;                 // Value of our Set-Cookie field, or empty.
    const Crossing* crossing = nullptr;          // Null: addresses stay as they are.
    std::span<const OwnField> own_fields = {};
    std::string_view session_header = {};  // Of clients without cookies: for nobody else to say.
    bool is_private = false;  // Of a user's session: kept out of every cache (CKI-010).
};

// Fills `out` with the fields for the browser, without those that frame the body, but with the
// length that an answer to HEAD tells. A response that carries our cookie, takes stale ones away or
// is private is not stored anywhere (CKI-010). Values live in the head, in `parts` or in `arena`.
void outgoing_response(const ResponseParts& parts, Arena& arena, FieldList& out);

}  // namespace policy
