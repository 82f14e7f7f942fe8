#pragma once

// Who logged in, and which groups they have: what a login rule's sources say. A source that says
// something unreadable ends the search: the next one might name somebody else.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/answer.h"
#include "policy/base/strong.h"
#include "policy/login_form.h"
#include "policy/login_rule.h"

namespace policy {

// The backend's answer to a question of ours.
struct AskedAnswer {
    std::string_view target;  // What was asked, as in AskSource.
    int status = 0;           // 0 when there was no answer.
    FieldList fields;
    AnswerBody body;
};

// All that an exchange has shown.
struct Evidence {
    const LoginForm* form = nullptr;  // Null when the request had none that can be read.
    const RequestFacts& request;
    const ResponseFacts& response;
    Instant now;
    std::span<const AskedAnswer> asked;
};

struct Named {
    std::vector<std::string> names;       // One user, or any number of groups; empty: nobody.
    const AskSource* question = nullptr;  // What the backend has to be asked first.
};

// What the first source says that says anything. Several names only for JSON arrays. Nobody when
// the request itself names different people by several of its sources, or when its body should
// name somebody and cannot be read.
[[nodiscard]] Named read_names(const std::vector<NameSource>& sources, const Evidence& evidence);

// Whether the request itself may name somebody, readably or not: a guess at an account, maybe.
[[nodiscard]] bool may_name_somebody(const std::vector<NameSource>& sources, const LoginForm* form,
                                     const RequestFacts& request);

// A user name that can be counted, logged and forwarded: 1 to 256 bytes of valid UTF-8 without
// control characters and not of blanks only. Blanks at its ends stay: some backends keep `admin `
// and `admin` apart.
[[nodiscard]] std::optional<UserName> parse_user_name(std::string_view text);

// Names of groups: like those of users, without the separator, trimmed, each once, at most 100;
// what is not readable is left out, for it could only grant.
[[nodiscard]] std::vector<std::string> parse_groups(const std::vector<std::string>& texts,
                                                    std::string_view separator);

}  // namespace policy
