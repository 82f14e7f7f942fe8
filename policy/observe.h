#pragma once

// Watches an unmodified backend's own login: was this request one, what did the answer mean, and
// who is it? Doubt never logs anybody in (LGN-009).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/strong.h"
#include "policy/facts.h"
#include "policy/http/form_scanner.h"
#include "policy/login_rule.h"

namespace policy {

// What the request line tells about a login rule, before any body was read.
enum class LoginRequest : std::uint8_t {
    No,       // Not a login.
    Yes,      // A login, whatever the body says.
    AskForm,  // A login if the form says so.
};
[[nodiscard]] LoginRequest looks_like_login(const LoginRule& rule, const RequestFacts& request,
                                            std::string_view content_type);

// Names of the form fields that the rule needs to see.
[[nodiscard]] std::vector<std::string> wanted_fields(const LoginRule& rule);

// Whether the form, as far as it was read, has the fields of a login. Nothing while it is not
// complete and could still go either way.
[[nodiscard]] std::optional<bool> form_is_login(const LoginRule& rule, const FormScanner& form);

[[nodiscard]] bool is_logout(const LoginRule& rule, const RequestFacts& request);

// What matters of a backend's answer, in order of appearance.
struct ResponseFacts {
    int status = 0;
    std::string_view location;
    std::vector<std::string_view> set_cookies;  // Whole Set-Cookie lines.
};

struct LoginOutcome {
    enum class Kind : std::uint8_t { Success, Failure, Unclassified };
    Kind kind = Kind::Unclassified;
    std::optional<UserName> user;  // Always there on success; on failure when it was readable.
    std::string_view why;          // For Unclassified: a word for the audit.
};

// `form` is null when the rule needs none or the request had no form body.
[[nodiscard]] LoginOutcome classify_login(const LoginRule& rule, const FormScanner* form,
                                          const ResponseFacts& response, Instant now);

// A user name that can be counted, logged and forwarded: 1 to 256 bytes of valid UTF-8 without
// control characters, blanks trimmed off its ends.
[[nodiscard]] std::optional<UserName> parse_user_name(std::string_view text);

}  // namespace policy
