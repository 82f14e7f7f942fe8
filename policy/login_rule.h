#pragma once

// How an unmodified backend shows that somebody logged in or out: the shape of the request and of
// the answer (LGN-009, REV-003). Values only; observe.h applies them.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/base/strong.h"
#include "policy/http/message.h"

namespace policy {

// `name` has exactly the value `value`.
struct NamedValue {
    std::string name;
    std::string value;
};

// All parts that are set must match. A query or form parameter that comes twice matches nothing.
struct RequestPattern {
    std::optional<Method> method;
    std::string path;  // Exact canonical path.
    std::vector<NamedValue> query;
    std::vector<NamedValue> form;
};

// All parts that are set must match. Cookie names are globs; locations are globs too.
struct ResponsePattern {
    std::vector<int> status;  // Any of these; empty: any status.
    std::optional<std::string> location;
    std::optional<std::string> set_cookie;      // A cookie of that name is set, not deleted.
    std::optional<std::string> deleted_cookie;  // A cookie of that name is deleted.
};

struct LoginRule {
    // Whether the login request carries the vaulted cookies from before the login. Withholding
    // them makes the backend start a session of its own that nobody can have planted.
    enum class PreLoginCookies : std::uint8_t { Send, Withhold };

    LoginName name;
    std::string rule;  // `file:line` for the audit.
    std::string page;  // Where to send strangers: origin-form; empty when there is none.
    RequestPattern when;
    std::string user_field;  // Form field that names the user.
    ResponsePattern success;
    std::optional<ResponsePattern> failure;  // Nothing: whatever is not success is failure.
    std::optional<RequestPattern> logout;
    PreLoginCookies pre_login_cookies = PreLoginCookies::Send;
};

}  // namespace policy
