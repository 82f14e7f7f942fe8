#include "gateway/login_watch.h"

namespace gateway {

using policy::FormVerdict;
using policy::LoginRequest;
using OutcomeKind = policy::LoginOutcome::Kind;
using PreLoginCookies = policy::LoginRule::PreLoginCookies;

LoginWatch::LoginWatch(const policy::LoginRule* rule, const policy::RequestFacts& request,
                       std::string_view content_type, const policy::UserName* user)
    : rule_(rule), user_(user) {
    if (!rule_) return;
    request_ = policy::looks_like_login(*rule_, request, content_type);
    logout_ = policy::is_logout(*rule_, request);
    if (request_ != LoginRequest::No && policy::is_readable_form(content_type))
        form_.emplace(*rule_, request.target.query);
}

void LoginWatch::feed(std::string_view bytes) {
    if (form_) form_->feed(bytes);
}

void LoginWatch::finish() {
    if (form_) form_->finish();
}

bool LoginWatch::withholds() const {
    return rule_->pre_login_cookies == PreLoginCookies::Withhold;
}

bool LoginWatch::decides_on_body() const {
    return request_ == LoginRequest::AskForm && withholds();
}

bool LoginWatch::withholds_cookies() {
    const bool is_login = request_ == LoginRequest::Yes || login() == Login::Yes;
    const bool withheld = is_login && withholds();
    sent_cookies_ = !withheld;
    return withheld;
}

LoginWatch::Login LoginWatch::login() const {
    switch (request_) {
        case LoginRequest::No:
            return Login::No;
        case LoginRequest::Doubtful:
            return Login::Doubtful;
        case LoginRequest::Yes:
            return form_ && !form_->is_finished() ? Login::Open : Login::Yes;
        case LoginRequest::AskForm:
            break;
    }
    switch (policy::judge_form(*rule_, *form_)) {
        case FormVerdict::No:
            return Login::No;
        case FormVerdict::Doubtful:
            return Login::Doubtful;
        case FormVerdict::Open:
            return Login::Open;
        case FormVerdict::Yes:
            break;
    }
    return Login::Yes;
}

bool LoginWatch::Outcome::ends_session() const {
    return event && std::holds_alternative<policy::Revoked>(*event);
}

LoginWatch::Outcome LoginWatch::doubt(std::string_view why) const {
    return {policy::Revoked{policy::Reason::LoginUnclear},
            policy::LoginOutcome{OutcomeKind::Unclassified, {}, why}};
}

LoginWatch::Outcome LoginWatch::observe(const policy::ResponseFacts& response,
                                        policy::Instant now) const {
    if (logout_) return {policy::LoggedOut{}, std::nullopt};
    if (!rule_) return {};
    const auto seen = login();
    if (seen == Login::Yes) return observe_login(response, now);
    const bool succeeded = looks_like_success(*rule_, response, now);
    const bool has_cookie = rule_->success.set_cookie.has_value();
    if (seen == Login::Open) {
        // The backend did not wait for the form: a login, perhaps; proof, no.
        auto outcome = doubt("form_incomplete");
        if (!succeeded) outcome.event.reset();
        return outcome;
    }
    if (seen == Login::Doubtful) {
        if (user_ && !(succeeded && has_cookie)) return {};
        auto outcome = doubt("request_ambiguous");
        if (!succeeded) outcome.event.reset();
        return outcome;
    }
    // A stranger whose answer looks like that to a login came in by a door that no rule knows.
    return succeeded && has_cookie && !user_ ? doubt("unknown_door") : Outcome{};
}

LoginWatch::Outcome LoginWatch::observe_login(const policy::ResponseFacts& response,
                                              policy::Instant now) const {
    auto outcome = policy::classify_login(*rule_, form_ ? &*form_ : nullptr, response, now);
    if (outcome.kind == OutcomeKind::Failure) return {std::nullopt, std::move(outcome)};
    if (outcome.kind == OutcomeKind::Success) outcome.why = doubt_about(*outcome.user);
    if (outcome.why.empty()) return {policy::LoggedIn{*outcome.user, rule_->name}, outcome};
    outcome.kind = OutcomeKind::Unclassified;
    return {policy::Revoked{policy::Reason::LoginUnclear}, std::move(outcome)};
}

// Why an answer that looks like success may not be one; empty when it is.
std::string_view LoginWatch::doubt_about(const policy::UserName& user) const {
    if (!sent_cookies_) return {};
    if (withholds()) return "form_too_late";
    // Many applications send whoever is logged in on to the same page, whatever was typed.
    const bool is_same_user = user_ && *user_ == user && rule_->success.set_cookie;
    return user_ && !is_same_user ? "already_logged_in" : "";
}

LoginWatch::Outcome LoginWatch::observe_silence() const {
    if (logout_) return {policy::LoggedOut{}, std::nullopt};
    const auto seen = login();
    const bool may_have_worked = seen == Login::Yes || (seen == Login::Doubtful && !user_);
    return may_have_worked ? doubt("no_answer") : Outcome{};
}

}  // namespace gateway
