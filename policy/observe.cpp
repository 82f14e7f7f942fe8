#include "policy/observe.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/http/query.h"
#include "policy/http/set_cookie.h"

namespace policy {
namespace {

bool has_query(const NamedValue& wanted, std::string_view query) {
    const auto found = query_value(query, wanted.name);
    return found.state == QueryValue::State::Present && found.value == wanted.value;
}

bool matches_line(const RequestPattern& pattern, const RequestFacts& request) {
    if (pattern.method && *pattern.method != request.method) return false;
    if (pattern.path != request.target.path.text()) return false;
    return std::all_of(pattern.query.begin(), pattern.query.end(), [&](const NamedValue& wanted) {
        return has_query(wanted, request.target.query);
    });
}

bool sets_cookie(std::string_view glob, const ResponseFacts& response, bool deleted, Instant now) {
    return std::any_of(response.set_cookies.begin(), response.set_cookies.end(),
                       [&](std::string_view line) {
                           const auto cookie = parse_set_cookie(line);
                           return cookie && matches_glob(glob, cookie->name) &&
                                  cookie->is_deletion(now) == deleted;
                       });
}

bool matches(const ResponsePattern& pattern, const ResponseFacts& response, Instant now) {
    const auto& status = pattern.status;
    if (!status.empty() && std::find(status.begin(), status.end(), response.status) == status.end())
        return false;
    if (pattern.location && !matches_glob(*pattern.location, response.location)) return false;
    if (pattern.set_cookie && !sets_cookie(*pattern.set_cookie, response, false, now)) return false;
    return !pattern.deleted_cookie || sets_cookie(*pattern.deleted_cookie, response, true, now);
}

std::optional<UserName> user_of(const LoginRule& rule, const FormScanner* form) {
    if (!form) return std::nullopt;
    const auto& field = form->field(rule.user_field);
    if (field.state != FormField::State::Present) return std::nullopt;
    return parse_user_name(field.value);
}

}  // namespace

LoginRequest looks_like_login(const LoginRule& rule, const RequestFacts& request,
                              std::string_view content_type) {
    if (!matches_line(rule.when, request)) return LoginRequest::No;
    if (rule.when.form.empty()) return LoginRequest::Yes;
    return is_urlencoded_form(content_type) ? LoginRequest::AskForm : LoginRequest::No;
}

std::vector<std::string> wanted_fields(const LoginRule& rule) {
    std::vector<std::string> names{rule.user_field};
    for (const auto& wanted : rule.when.form) {
        if (std::find(names.begin(), names.end(), wanted.name) == names.end())
            names.push_back(wanted.name);
    }
    return names;
}

std::optional<bool> form_is_login(const LoginRule& rule, const FormScanner& form) {
    bool all_there = true;
    for (const auto& wanted : rule.when.form) {
        const auto& field = form.field(wanted.name);
        if (field.state == FormField::State::Absent) {
            all_there = false;
        } else if (field.state != FormField::State::Present || field.value != wanted.value) {
            return false;
        }
    }
    // A field that is there now may still come a second time.
    if (!form.is_finished()) return std::nullopt;
    return all_there;
}

bool is_logout(const LoginRule& rule, const RequestFacts& request) {
    return rule.logout && matches_line(*rule.logout, request);
}

LoginOutcome classify_login(const LoginRule& rule, const FormScanner* form,
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
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (text.empty() || text.size() > kLongest || has_control || !is_valid_utf8(text))
        return std::nullopt;
    return UserName{std::string(text)};
}

}  // namespace policy
