#include "gateway/login_watch.h"

namespace gateway {

using policy::LoginRequest;
using PreLoginCookies = policy::LoginRule::PreLoginCookies;

LoginWatch::LoginWatch(const policy::LoginRule* rule, const policy::RequestFacts& request,
                       std::string_view content_type)
    : rule_(rule) {
    if (!rule_) return;
    request_ = policy::looks_like_login(*rule_, request, content_type);
    logout_ = policy::is_logout(*rule_, request);
    const bool has_form = policy::is_urlencoded_form(content_type);
    if (request_ != LoginRequest::No && has_form) form_.emplace(policy::wanted_fields(*rule_));
}

void LoginWatch::feed(std::string_view bytes) {
    if (form_) form_->feed(bytes);
}

void LoginWatch::finish() {
    if (form_) form_->finish();
}

bool LoginWatch::decides_on_body() const {
    return form_ && rule_->pre_login_cookies == PreLoginCookies::Withhold;
}

std::optional<bool> LoginWatch::is_login() const {
    switch (request_) {
        case LoginRequest::No:
            return false;
        case LoginRequest::Yes:
            return true;
        case LoginRequest::AskForm:
            break;
    }
    return policy::form_is_login(*rule_, *form_);
}

bool LoginWatch::withholds_cookies() const {
    return rule_ && rule_->pre_login_cookies == PreLoginCookies::Withhold &&
           is_login().value_or(false);
}

LoginWatch::Outcome LoginWatch::observe(const policy::ResponseFacts& response,
                                        policy::Instant now) const {
    if (logout_) return {policy::LoggedOut{}, std::nullopt};
    const auto login = is_login();
    if (login == false) return {};
    if (!login) {
        // The backend answered before the form was complete: a login, perhaps; proof, no.
        using Kind = policy::LoginOutcome::Kind;
        return {std::nullopt, policy::LoginOutcome{Kind::Unclassified, {}, "form_incomplete"}};
    }
    auto outcome = policy::classify_login(*rule_, form_ ? &*form_ : nullptr, response, now);
    if (outcome.kind != policy::LoginOutcome::Kind::Success) return {std::nullopt, outcome};
    return {policy::LoggedIn{*outcome.user, rule_->name}, outcome};
}

}  // namespace gateway
