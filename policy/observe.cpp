#include "policy/observe.h"

#include <algorithm>

#include "policy/answer_match.h"

namespace policy {
namespace {

using Kind = LoginOutcome::Kind;

std::optional<UserName> user_of(const Named& named) {
    if (named.names.size() != 1) return std::nullopt;
    return parse_user_name(named.names.front());
}

LoginOutcome unclassified(std::optional<UserName> user, std::string_view why) {
    return {Kind::Unclassified, std::move(user), {}, why, nullptr};
}

// Whether an answer needs to have something to meet the pattern, and not only to lack something.
bool asks_for_something(const ResponsePattern& pattern) {
    const bool asks_of_head = !pattern.status.empty() || pattern.location || pattern.set ||
                              pattern.changed || pattern.deleted || !pattern.headers.empty() ||
                              pattern.redirect != ResponsePattern::Redirect::Any;
    return asks_of_head || pattern.body || !pattern.json.empty() ||
           std::any_of(pattern.all.begin(), pattern.all.end(), asks_for_something) ||
           (!pattern.any.empty() &&
            std::all_of(pattern.any.begin(), pattern.any.end(), asks_for_something));
}

bool is_answered(const Evidence& evidence) {
    return std::all_of(evidence.asked.begin(), evidence.asked.end(),
                       [](const AskedAnswer& answer) { return answer.status / 100 == 2; });
}

LoginOutcome question(const AskSource* source) {
    return {Kind::Question, {}, {}, {}, source};
}

}  // namespace

Classified classify_answer(const ResponsePattern& success,
                           const std::optional<ResponsePattern>& failure,
                           const AnswerView& answer) {
    const auto succeeded = match_answer(success, answer);
    const auto failed = failure ? match_answer(*failure, answer) : opposite(succeeded);
    const auto fault = fault_of(answer.response.body);
    if (succeeded == Match::Doubtful || failed == Match::Doubtful)
        return {Match::Doubtful, fault.empty() ? "answer_unreadable" : fault};
    if (succeeded == failed)
        return {Match::Doubtful, succeeded == Match::Yes ? "both_match" : "none_matches"};
    // That something is missing also holds for a backend that is busy or confused.
    constexpr int kFirstError = 400;
    if (succeeded == Match::Yes && answer.response.status >= kFirstError &&
        !asks_for_something(success))
        return {Match::Doubtful, "answer_is_error"};
    return {succeeded, {}};
}

LoginOutcome classify_login(const LoginRule& rule, const AnswerView& answer,
                            const Evidence& evidence) {
    const auto classified = classify_answer(rule.success, rule.failure, answer);
    const auto named = read_names(rule.user, evidence);
    auto user = user_of(named);
    if (classified.success == Match::Doubtful) return unclassified(std::move(user), classified.why);
    if (classified.success == Match::No) return {Kind::Failure, std::move(user), {}, {}, nullptr};
    if (named.question) return question(named.question);
    if (!user)
        return unclassified({}, is_answered(evidence) ? "user_unreadable" : "question_unanswered");
    auto groups = groups_of(rule.groups, *user, evidence);
    if (groups.question) return question(groups.question);
    const auto kind = rule.confirm ? Kind::Pending : Kind::Success;
    return {kind, std::move(user), std::move(groups.names), {}, nullptr};
}

Groups groups_of(const GroupRules& rules, const UserName& user, const Evidence& evidence) {
    if (!rules.of_user.empty()) {
        const auto found = rules.of_user.find(user.text());
        return {found == rules.of_user.end() ? std::vector<std::string>{} : found->second, nullptr};
    }
    const auto named = read_names(rules.sources, evidence);
    return {parse_groups(named.names, rules.separator), named.question};
}

}  // namespace policy
