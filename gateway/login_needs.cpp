#include "gateway/login_needs.h"

#include <algorithm>

#include "policy/request_match.h"

namespace gateway {
namespace {

using policy::Match;
using policy::NameSource;
using Sources = std::vector<NameSource>;

bool may_match(const policy::RequestPattern& pattern, const policy::RequestFacts& request) {
    return policy::match_head(pattern, request) != Match::No;
}

bool is_in_request_body(const NameSource& source) {
    return std::holds_alternative<policy::FormSource>(source) ||
           std::holds_alternative<policy::JsonSource>(source);
}

bool is_in_answer_body(const NameSource& source) {
    using Part = policy::AnswerSource::Part;
    const auto* answer = std::get_if<policy::AnswerSource>(&source);
    return answer && (answer->part == Part::Json || answer->part == Part::Body);
}

bool reads_body(const std::optional<policy::ResponsePattern>& pattern) {
    return pattern && pattern->reads_body();
}

template <class Predicate>
bool any_of(const Sources& sources, Predicate predicate) {
    return std::any_of(sources.begin(), sources.end(), predicate);
}

}  // namespace

bool needs_body(const policy::LoginRule& rule, const policy::RequestFacts& request) {
    const bool user_is_in_body = any_of(rule.user, is_in_request_body);
    const auto asks = [&](const policy::RequestPattern& when, bool reads) {
        return (reads || when.reads_body()) && may_match(when, request);
    };
    return std::any_of(rule.when.begin(), rule.when.end(),
                       [&](const auto& when) { return asks(when, user_is_in_body); }) ||
           std::any_of(
               rule.logouts.begin(), rule.logouts.end(),
               [&](const auto& logout) { return logout.when && asks(*logout.when, false); }) ||
           std::any_of(rule.changes.begin(), rule.changes.end(), [&](const auto& change) {
               return asks(change.when, any_of(change.user, is_in_request_body));
           });
}

bool login_reads_answer(const policy::LoginRule& rule) {
    return rule.success.reads_body() || reads_body(rule.failure) ||
           any_of(rule.user, is_in_answer_body) || any_of(rule.groups.sources, is_in_answer_body);
}

bool confirmation_reads_answer(const policy::Confirmation& confirm) {
    return confirm.success.reads_body() || reads_body(confirm.failure);
}

bool events_read_answer(const policy::LoginRule& rule, const policy::RequestFacts& request) {
    return std::any_of(rule.logouts.begin(), rule.logouts.end(),
                       [&](const auto& logout) {
                           return reads_body(logout.answer) &&
                                  (!logout.when || may_match(*logout.when, request));
                       }) ||
           std::any_of(rule.changes.begin(), rule.changes.end(), [&](const auto& change) {
               const bool reads =
                   reads_body(change.answer) || any_of(change.user, is_in_answer_body);
               return reads && may_match(change.when, request);
           });
}

bool names_basic_user(const policy::LoginRule& rule) {
    return any_of(rule.user, [](const NameSource& source) {
        return std::holds_alternative<policy::BasicSource>(source);
    });
}

bool sets_cookie(const policy::ResponsePattern& pattern) {
    return pattern.set || std::any_of(pattern.all.begin(), pattern.all.end(), sets_cookie);
}

bool is_named_by_answer(const policy::LoginRule& rule) {
    return std::all_of(rule.user.begin(), rule.user.end(), [](const NameSource& source) {
        return std::holds_alternative<policy::AnswerSource>(source) ||
               std::holds_alternative<policy::AskSource>(source);
    });
}

}  // namespace gateway
