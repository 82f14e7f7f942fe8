#include "policy/observe.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/http/query.h"
#include "policy/http/set_cookie.h"

namespace policy {
namespace {

// How surely something is what a rule describes; the least sure of several counts.
enum class Match : std::uint8_t { No, Doubtful, Yes };

Match match_query(const NamedValue& wanted, std::string_view query) {
    const auto found = query_value(query, wanted.name);
    switch (found.state) {
        case QueryValue::State::Absent:
            return Match::No;
        case QueryValue::State::Present:
            return found.value == wanted.value ? Match::Yes : Match::No;
        case QueryValue::State::Repeated:
        case QueryValue::State::Malformed:
            break;
    }
    return Match::Doubtful;
}

bool has_path(const RequestPattern& pattern, const Target& target) {
    return pattern.path == target.path.text() ||
           (target.folded && pattern.path == target.folded->text());
}

Match match_line(const RequestPattern& pattern, const RequestFacts& request) {
    if (pattern.method && *pattern.method != request.method) return Match::No;
    if (!has_path(pattern, request.target)) return Match::No;
    auto match = Match::Yes;
    for (const auto& wanted : pattern.query)
        match = std::min(match, match_query(wanted, request.target.query));
    return match;
}

// Whether a cookie of that name is set, or deleted, when all lines have been applied in order.
bool leaves_cookie(std::string_view glob, const ResponseFacts& response, bool deleted,
                   Instant now) {
    std::vector<std::pair<std::string_view, bool>> last;  // Whether it is deleted, by name.
    for (const auto line : response.set_cookies) {
        const auto cookie = parse_set_cookie(line);
        if (!cookie || !matches_glob(glob, cookie->name)) continue;
        std::erase_if(last, [&](const auto& earlier) { return earlier.first == cookie->name; });
        last.emplace_back(cookie->name, cookie->is_deletion(now));
    }
    return std::any_of(last.begin(), last.end(),
                       [&](const auto& each) { return each.second == deleted; });
}

bool matches(const ResponsePattern& pattern, const ResponseFacts& response, Instant now) {
    const auto& status = pattern.status;
    if (!status.empty() && std::find(status.begin(), status.end(), response.status) == status.end())
        return false;
    if (pattern.location && !matches_glob(*pattern.location, response.location)) return false;
    if (pattern.set_cookie && !leaves_cookie(*pattern.set_cookie, response, false, now))
        return false;
    return !pattern.deleted_cookie || leaves_cookie(*pattern.deleted_cookie, response, true, now);
}

std::optional<UserName> user_of(const LoginRule& rule, const LoginForm* form) {
    if (!form) return std::nullopt;
    const auto field = form->field(rule.user_field);
    if (field.state != FormField::State::Present) return std::nullopt;
    return parse_user_name(field.value);
}

}  // namespace

LoginRequest looks_like_login(const LoginRule& rule, const RequestFacts& request,
                              std::string_view content_type) {
    const auto match = match_line(rule.when, request);
    if (match == Match::No) return LoginRequest::No;
    if (match == Match::Doubtful) return LoginRequest::Doubtful;
    if (rule.when.form.empty()) return LoginRequest::Yes;
    return is_readable_form(content_type) ? LoginRequest::AskForm : LoginRequest::Doubtful;
}

bool is_logout(const LoginRule& rule, const RequestFacts& request) {
    return rule.logout && match_line(*rule.logout, request) == Match::Yes;
}

FormVerdict judge_form(const LoginRule& rule, const LoginForm& form) {
    // A field that is there now may still come a second time.
    if (!form.is_finished()) return FormVerdict::Open;
    auto verdict = FormVerdict::Yes;
    for (const auto& wanted : rule.when.form) {
        const auto field = form.field(wanted.name);
        const bool is_other =
            field.state == FormField::State::Present && field.value != wanted.value;
        if (field.state == FormField::State::Absent || is_other) return FormVerdict::No;
        if (field.state != FormField::State::Present) verdict = FormVerdict::Doubtful;
    }
    return verdict;
}

bool looks_like_success(const LoginRule& rule, const ResponseFacts& response, Instant now) {
    return matches(rule.success, response, now);
}

LoginOutcome classify_login(const LoginRule& rule, const LoginForm* form,
                            const ResponseFacts& response, Instant now) {
    using Kind = LoginOutcome::Kind;
    auto user = user_of(rule, form);
    const bool success = matches(rule.success, response, now);
    const bool failure = rule.failure ? matches(*rule.failure, response, now) : !success;
    if (success && failure) return {Kind::Unclassified, std::move(user), "both_match"};
    if (failure) return {Kind::Failure, std::move(user), {}};
    if (!success) return {Kind::Unclassified, std::move(user), "none_matches"};
    if (form && !form->is_finished()) return {Kind::Unclassified, {}, "form_incomplete"};
    if (!user) return {Kind::Unclassified, {}, "user_unreadable"};
    return {Kind::Success, std::move(user), {}};
}

std::optional<UserName> parse_user_name(std::string_view text) {
    constexpr std::size_t kLongest = 256;
    const bool is_blank = text.find_first_not_of(' ') == std::string_view::npos;
    const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (is_blank || text.size() > kLongest || has_control || !is_valid_utf8(text))
        return std::nullopt;
    return UserName{std::string(text)};
}

}  // namespace policy
