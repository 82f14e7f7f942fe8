#pragma once

// What an exchange teaches us about its session. The session layer reduces these into the stored
// record; on a conflicting write the same events are applied again to what is there now.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/base/reason.h"
#include "policy/base/strong.h"
#include "policy/base/time.h"
#include "policy/client_environment.h"

namespace policy {

// Who logged in, by which rule, and in which groups that user is.
struct Identity {
    UserName user;
    LoginName login;
    std::vector<std::string> groups;
    bool operator==(const Identity&) const = default;
};

// What becomes of the cookies that were in the vault before.
enum class OldCookies { Dropped, Kept };

// The backend accepted a login: a new id, a new vault, a known user.
struct LoggedIn {
    Identity identity;
    OldCookies old_cookies = OldCookies::Dropped;
};

// A login that the next request has to confirm. Until then nobody is anybody.
struct PendingLogin {
    Identity identity;
    std::string target;  // Path and query of the page that confirms it; empty: a rule says which.
    Instant until{};
    bool operator==(const PendingLogin&) const = default;
};
struct LoginPending {
    PendingLogin login;
    OldCookies old_cookies = OldCookies::Dropped;
};
struct LoginConfirmed {
    Identity identity;
};
struct LoginRefuted {};

// More or other rights, or a new password: a new id, the same vault.
struct PrivilegeChanged {
    std::optional<UserName> user;  // Who it is from now on; nothing: the same.
};

// The backend's own session is gone: the user becomes a stranger, under a new id.
struct Demoted {};

struct LoggedOut {};

struct Revoked {
    Reason reason = Reason::Revoked;
};

// Set-Cookie lines of the backend, in order, that the policy keeps in the vault.
struct CookiesSet {
    std::vector<std::string> lines;
    std::string backend;  // Who set them, and gets them back.
    std::string host;
    std::string path;  // Of the request, as it was sent: it gives the default cookie path.
};

// The session is in use by another client, or from another place, than it was last.
struct ClientMoved {
    ClientEnvironment client;
};

// The user has to log in again before anything that requires one: from here on the session is
// worth less than its login was.
struct Distrusted {};

using SessionEvent =
    std::variant<LoggedIn, LoginPending, LoginConfirmed, LoginRefuted, PrivilegeChanged, Demoted,
                 LoggedOut, Revoked, CookiesSet, ClientMoved, Distrusted>;

}  // namespace policy
