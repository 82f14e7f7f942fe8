#pragma once

// What was learned, as values that policy_text.h can write down and self_check.h can try. The words
// are those of the policy file; config/README.md says what each means.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/learn/recording.h"

namespace policy::learn {

using Remarks = std::vector<std::string>;  // Sentences for the comment above what they are about.

// All parts that are set must match. Values are globs.
struct RequestShape {
    std::string method;  // Empty: any.
    std::string path;
    std::vector<NameValue> query;
    std::vector<NameValue> form;
    std::vector<NameValue> json;
    bool basic = false;
};

enum class Redirect : std::uint8_t { LoginPage, Elsewhere };

// All parts that are set must hold.
struct Condition {
    std::vector<int> status;
    std::optional<Redirect> redirect;
    std::string location;
    std::string set_cookie;
    std::string deleted_cookie;
    std::vector<NameValue> headers;
    std::vector<NameValue> json;
    std::string body;
    std::string without_body;  // `not: { body: ... }`

    [[nodiscard]] bool empty() const {
        return status.empty() && !redirect && location.empty() && set_cookie.empty() &&
               deleted_cookie.empty() && headers.empty() && json.empty() && body.empty() &&
               without_body.empty();
    }
};

enum class UserSource : std::uint8_t { Form, Json, Basic };

struct UserPlace {
    UserSource source = UserSource::Form;
    std::string name;  // Of the field, or a pointer.
};

struct Confirmation {
    std::optional<RequestShape> when;  // Nothing: the page that the answer redirects to.
    Condition success;
    Remarks remarks;
};

enum class PreLoginCookies : std::uint8_t { Send, Withhold, Keep };

struct LearnedLogin {
    std::string page;
    Remarks page_remarks;
    std::vector<RequestShape> when;
    Remarks when_remarks;
    UserPlace user;
    Condition success;  // Empty when nothing tells success from failure, or `confirm` does.
    std::optional<Condition> failure;  // Nothing: `otherwise`.
    Remarks outcome_remarks;
    std::optional<Confirmation> confirm;
    std::size_t body_limit = 0;  // Bytes; 0: the default is enough.
    std::vector<RequestShape> logout;
    std::vector<Condition> logout_answers;
    Remarks logout_remarks;
    std::optional<Condition> lost;
    Remarks lost_remarks;
    PreLoginCookies pre_login_cookies = PreLoginCookies::Withhold;
    Remarks pre_login_remarks;

    [[nodiscard]] bool tells_success() const { return !success.empty() || confirm; }
};

struct CookieMode {
    std::string name;
    std::string mode;
    std::string why;
};

struct Learned {
    std::optional<LearnedLogin> login;  // Nothing: no login was found.
    Remarks missing;                    // Why there is no login, or no rule for its success.
    std::vector<CookieMode> cookies;    // All others are `vault`.
    std::vector<std::string> path_parameters;
    Remarks weaknesses;  // What the backend does badly.
};

}  // namespace policy::learn
