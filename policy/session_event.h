#pragma once

// What an exchange teaches us about its session. The session layer reduces these into the stored
// record; on a conflicting write the same events are applied again to what is there now.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/base/reason.h"
#include "policy/base/strong.h"
#include "policy/http/network.h"

namespace policy {

// The backend accepted a login: a new id, a new vault, a known user.
struct LoggedIn {
    UserName user;
    LoginName login;
};

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

// The session is in use from an address it was not seen on last.
struct ClientMoved {
    IpAddress address;
};

using SessionEvent = std::variant<LoggedIn, LoggedOut, Revoked, CookiesSet, ClientMoved>;

}  // namespace policy
