#pragma once

// Watches an unmodified backend's own login: what did the answer to a login request mean, and who
// is it? Doubt never logs anybody in (LGN-009).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/answer.h"
#include "policy/base/strong.h"
#include "policy/login_rule.h"
#include "policy/match.h"
#include "policy/who.h"

namespace policy {

struct LoginOutcome {
    enum class Kind : std::uint8_t {
        Success,
        Failure,
        Pending,   // Success, once the next request confirms it.
        Question,  // The backend has to be asked who it is: put `question`, and classify again.
        Unclassified,
    };
    Kind kind = Kind::Unclassified;
    std::optional<UserName> user;  // Always there on success; on failure when it was readable.
    std::vector<std::string> groups;
    std::string_view why;  // For Unclassified: a word for the audit.
    const AskSource* question = nullptr;
};

// Yes only when `success` surely holds and `failure`, if there is one, surely does not; No when it
// is the other way round. Doubtful otherwise, and `why` says so. An error (4xx, 5xx) is no
// success where `success` only says what must not be there.
struct Classified {
    Match success = Match::Doubtful;
    std::string_view why;
};
[[nodiscard]] Classified classify_answer(const ResponsePattern& success,
                                         const std::optional<ResponsePattern>& failure,
                                         const AnswerView& answer);

// What the answer to a login request means. The form of `evidence` must be complete.
[[nodiscard]] LoginOutcome classify_login(const LoginRule& rule, const AnswerView& answer,
                                          const Evidence& evidence);

// The groups of `user` as far as `evidence` tells them; a question may be left.
struct Groups {
    std::vector<std::string> names;
    const AskSource* question = nullptr;
};
[[nodiscard]] Groups groups_of(const GroupRules& rules, const UserName& user,
                               const Evidence& evidence);

}  // namespace policy
