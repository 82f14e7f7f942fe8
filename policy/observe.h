#pragma once

// Watches an unmodified backend's own login: was this request one, what did the answer mean, and
// who is it? Doubt never logs anybody in (LGN-009).

#include <optional>
#include <string_view>
#include <vector>

#include "policy/base/strong.h"
#include "policy/facts.h"
#include "policy/login_form.h"
#include "policy/login_rule.h"

namespace policy {

// What a request's line and the kind of its body tell about a login rule.
enum class LoginRequest : std::uint8_t {
    No,        // Not a login.
    Doubtful,  // A login for some backends: a parameter comes twice, or the body is of a kind that
               // is not read here.
    Yes,       // A login, whatever the body says.
    AskForm,   // A login if the form says so.
};
// Paths match in either of their readings: as they stand, and as some backends fold them.
[[nodiscard]] LoginRequest looks_like_login(const LoginRule& rule, const RequestFacts& request,
                                            std::string_view content_type);

[[nodiscard]] bool is_logout(const LoginRule& rule, const RequestFacts& request);

// Whether a form has the fields of a login.
enum class FormVerdict : std::uint8_t {
    Open,  // Not complete: what is still to come may change it.
    No,
    Doubtful,  // For some backends.
    Yes,
};
[[nodiscard]] FormVerdict judge_form(const LoginRule& rule, const LoginForm& form);

// What matters of a backend's answer, in order of appearance.
struct ResponseFacts {
    int status = 0;
    std::string_view location;
    std::vector<std::string_view> set_cookies;  // Whole Set-Cookie lines.
};

// Whether the answer is what `rule` takes for success, whatever was asked.
[[nodiscard]] bool looks_like_success(const LoginRule& rule, const ResponseFacts& response,
                                      Instant now);

struct LoginOutcome {
    enum class Kind : std::uint8_t { Success, Failure, Unclassified };
    Kind kind = Kind::Unclassified;
    std::optional<UserName> user;  // Always there on success; on failure when it was readable.
    std::string_view why;          // For Unclassified: a word for the audit.
};

// What the answer to a login request means. `form` is null when the request had no form that can
// be read.
[[nodiscard]] LoginOutcome classify_login(const LoginRule& rule, const LoginForm* form,
                                          const ResponseFacts& response, Instant now);

// A user name that can be counted, logged and forwarded: 1 to 256 bytes of valid UTF-8 without
// control characters and not of blanks only. Blanks at its ends stay: some backends keep `admin `
// and `admin` apart.
[[nodiscard]] std::optional<UserName> parse_user_name(std::string_view text);

}  // namespace policy
