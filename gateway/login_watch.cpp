#include "gateway/login_watch.h"

#include <algorithm>

#include "gateway/login_needs.h"
#include "policy/answer_match.h"
#include "policy/basic_credentials.h"
#include "policy/own_target.h"

namespace gateway {

using policy::Match;
using OutcomeKind = policy::LoginOutcome::Kind;
using PreLoginCookies = policy::LoginRule::PreLoginCookies;

LoginWatch::LoginWatch(const policy::LoginRule* rule, const policy::RequestFacts& request,
                       const policy::SessionFacts& session)
    : rule_(rule), request_(request), session_(session) {
    if (!rule_ || !needs_body(*rule_, request_)) return;
    // A compressed body is not read: it may hold anything.
    if (request_.fields->find("Content-Encoding")) return;
    const auto* type = request_.fields->find("Content-Type");
    form_ = policy::LoginForm::open(*rule_, type ? type->value : std::string_view{},
                                    request_.target.query);
}

void LoginWatch::feed(std::string_view bytes) {
    if (form_) form_->feed(bytes);
}

void LoginWatch::finish() {
    if (form_) form_->finish();
}

LoginWatch::Verdict LoginWatch::judge(const policy::RequestPattern& pattern) const {
    return policy::judge_request(pattern, request_, form_ ? &*form_ : nullptr);
}

LoginWatch::Verdict LoginWatch::login() const {
    const auto seen = policy::judge_request(rule_->when, request_, form_ ? &*form_ : nullptr);
    // Whose it is may stand in the body although nothing else does.
    const bool is_open = seen == Verdict::Yes && form_ && !form_->is_finished();
    return is_open ? Verdict::Open : seen;
}

bool LoginWatch::withholds() const {
    return rule_->pre_login_cookies == PreLoginCookies::Withhold;
}

policy::OldCookies LoginWatch::old_cookies() const {
    const bool keeps = rule_ && rule_->pre_login_cookies == PreLoginCookies::Keep;
    return keeps ? policy::OldCookies::Kept : policy::OldCookies::Dropped;
}

bool LoginWatch::decides_on_body() const {
    return rule_ && withholds() && form_ && login() == Verdict::Open;
}

bool LoginWatch::withholds_cookies() {
    if (!rule_) return false;
    // A login whatever the body says, or one by what its body says.
    const auto seen = policy::judge_request(rule_->when, request_, form_ ? &*form_ : nullptr);
    const bool withheld = seen == Verdict::Yes && withholds() && !is_known_user();
    sent_cookies_ = !withheld;
    return withheld;
}

// Basic credentials come with every request: those of the user who is in are no new login.
bool LoginWatch::is_known_user() const {
    if (!session_.user || session_.login != rule_->name.text()) return false;
    const auto basic = policy::basic_user(*request_.fields);
    if (basic.state != policy::BasicUser::State::Present) return false;
    return names_basic_user(*rule_) && basic.name == session_.user->text();
}

bool LoginWatch::confirms() const {
    if (!rule_->confirm || !session_.pending) return false;
    const auto& pending = *session_.pending;
    if (pending.identity.login != rule_->name || request_.method != policy::Method::Get ||
        policy::may_mean_another_method(request_))
        return false;
    if (rule_->confirm->when) return judge(*rule_->confirm->when) == Verdict::Yes;
    return request_.target.origin == pending.target;
}

bool LoginWatch::reads_answer() const {
    if (!rule_) return false;
    if (login() != Verdict::No && login_reads_answer(*rule_)) return true;
    if (confirms() && confirmation_reads_answer(*rule_->confirm)) return true;
    if (session_.user && rule_->lost && rule_->lost->answer.reads_body()) return true;
    return events_read_answer(*rule_, request_);
}

bool LoginWatch::reads_answer(const Answer& head) const {
    if (!reads_answer()) return false;
    if (login() != Verdict::No || confirms()) return true;
    const auto hangs_on_body = [&](const std::optional<policy::ResponsePattern>& pattern) {
        return pattern && policy::match_answer(*pattern, view(head)) == Match::Doubtful;
    };
    return (rule_->lost && hangs_on_body(rule_->lost->answer)) ||
           std::any_of(rule_->logouts.begin(), rule_->logouts.end(),
                       [&](const auto& logout) { return hangs_on_body(logout.answer); }) ||
           std::any_of(rule_->changes.begin(), rule_->changes.end(), [&](const auto& change) {
               return judge(change.when) != Verdict::No &&
                      (hangs_on_body(change.answer) || !change.user.empty());
           });
}

bool LoginWatch::lets_in() const {
    if (!rule_) return false;
    if ((login() != Verdict::No && !is_known_user()) || confirms()) return true;
    return std::any_of(rule_->changes.begin(), rule_->changes.end(), [&](const auto& change) {
        return !change.user.empty() && judge(change.when) != Verdict::No;
    });
}

policy::AnswerView LoginWatch::view(const Answer& answer) const {
    return {answer.response, request_, rule_->page, answer.sent_cookies, answer.now};
}

policy::Evidence LoginWatch::evidence(const Answer& answer) const {
    return {form_ ? &*form_ : nullptr, request_, answer.response, answer.now, answer.asked};
}

bool LoginWatch::Outcome::ends_session() const {
    return event && std::holds_alternative<policy::Revoked>(*event);
}

const policy::AskSource* LoginWatch::Outcome::question() const {
    return login && login->kind == OutcomeKind::Question ? login->question : nullptr;
}

LoginWatch::Outcome LoginWatch::doubt(std::string_view why) const {
    return {policy::Revoked{policy::Reason::LoginUnclear},
            policy::LoginOutcome{OutcomeKind::Unclassified, {}, {}, why, nullptr}};
}

// In a user's session the path of the login serves other things, too.
LoginWatch::Outcome LoginWatch::guess(std::string_view why) const {
    if (!policy::may_name_somebody(rule_->user, form_ ? &*form_ : nullptr, request_)) return {};
    return {std::nullopt, doubt(why).login};
}

LoginWatch::Outcome LoginWatch::observe(const Answer& answer) const {
    if (!rule_) return {};
    auto outcome = observe_request(answer);
    if (outcome.event || outcome.question()) return outcome;
    if (logs_out(answer)) outcome.event = policy::LoggedOut{};
    if (outcome.event || outcome.login) return outcome;
    if (confirms() && answer.now < session_.pending->until) return observe_confirmation(answer);
    outcome = observe_changes(answer);
    return outcome.event ? outcome : observe_loss(answer);
}

// What the request shows as a login.
LoginWatch::Outcome LoginWatch::observe_request(const Answer& answer) const {
    const auto seen = login();
    if (seen == Verdict::Yes) return observe_login(answer);
    return observe_unclear(answer, seen);
}

LoginWatch::Outcome LoginWatch::observe_unclear(const Answer& answer, Verdict seen) const {
    if (seen == Verdict::No && !may_be_unknown_door()) return {};
    const auto success = policy::match_answer(rule_->success, view(answer));
    const bool has_cookie = sets_cookie(rule_->success) && success == Match::Yes;
    if (seen == Verdict::No)
        return has_cookie && !logs_out(answer) ? doubt("unknown_door") : Outcome{};
    // The backend did not wait for the form: a login, perhaps; proof, no.
    const bool is_open = seen == Verdict::Open;
    if (!is_open && session_.user && !has_cookie) return guess("request_ambiguous");
    auto outcome = doubt(is_open ? "form_incomplete" : "request_ambiguous");
    if (success == Match::No) outcome.event.reset();
    return outcome;
}

// A stranger whose answer looks like that to a login came in by a door that no rule knows; not
// where such an answer proves nothing, and not where somebody only looks: many backends set the
// cookie of a session on the first page that is opened.
bool LoginWatch::may_be_unknown_door() const {
    if (session_.user || rule_->confirm) return false;
    const auto method = request_.method;
    const bool looks = method == policy::Method::Get || method == policy::Method::Head;
    return !looks || request_.fields->find("Authorization");
}

LoginWatch::Outcome LoginWatch::observe_login(const Answer& answer) const {
    auto outcome = policy::classify_login(*rule_, view(answer), evidence(answer));
    if (outcome.kind == OutcomeKind::Question || outcome.kind == OutcomeKind::Failure)
        return {std::nullopt, std::move(outcome)};
    if (is_known_user()) return {};
    if (outcome.kind != OutcomeKind::Unclassified) outcome.why = doubt_about(*outcome.user);
    if (outcome.why.empty()) return {arrival(outcome, answer), outcome};
    outcome.kind = OutcomeKind::Unclassified;
    return {policy::Revoked{policy::Reason::LoginUnclear}, std::move(outcome)};
}

policy::SessionEvent LoginWatch::arrival(const policy::LoginOutcome& login,
                                         const Answer& answer) const {
    policy::Identity identity{*login.user, rule_->name, login.groups};
    if (login.kind == OutcomeKind::Success)
        return policy::LoggedIn{std::move(identity), old_cookies()};
    const auto location = answer.response.location;
    auto target = location.empty() ? "" : policy::own_target(location, request_).value_or("");
    return policy::LoginPending{
        {std::move(identity), std::move(target), answer.now + rule_->confirm->within},
        old_cookies()};
}

// Why an answer that looks like success may not be one; empty when it is.
std::string_view LoginWatch::doubt_about(const policy::UserName& user) const {
    if (!sent_cookies_) return {};
    if (withholds()) return "form_too_late";
    // A login that is pending may have worked for the backend.
    const auto* before = session_.user;
    if (!before && session_.pending) before = &session_.pending->identity.user;
    if (!before) return {};
    // Many applications send whoever is logged in on to the same page, whatever was typed.
    const bool is_proof = *before == user ? !session_.user || sets_cookie(rule_->success)
                                          : is_named_by_answer(*rule_);
    return is_proof ? "" : "already_logged_in";
}

LoginWatch::Outcome LoginWatch::observe_confirmation(const Answer& answer) const {
    const auto& confirm = *rule_->confirm;
    const auto& identity = session_.pending->identity;
    const auto seen = policy::classify_answer(confirm.success, confirm.failure, view(answer));
    policy::LoginOutcome login{OutcomeKind::Success, identity.user, identity.groups, {}, nullptr};
    if (seen.success == Match::Yes) return {policy::LoginConfirmed{identity}, std::move(login)};
    login.kind = OutcomeKind::Failure;
    if (seen.success == Match::No) return {policy::LoginRefuted{}, std::move(login)};
    return doubt(seen.why);
}

LoginWatch::Outcome LoginWatch::observe_changes(const Answer& answer) const {
    if (!session_.user) return {};
    for (const auto& change : rule_->changes) {
        if (judge(change.when) == Verdict::No) continue;
        const auto seen = change.answer
                              ? policy::classify_answer(*change.answer, std::nullopt, view(answer))
                              : policy::Classified{Match::Yes, {}};
        if (seen.success == Match::No) continue;
        // In doubt the id rotates: that harms nobody.
        if (change.user.empty()) return {policy::PrivilegeChanged{}, std::nullopt};
        if (seen.success != Match::Yes) return doubt(seen.why);
        const auto named = policy::read_names(change.user, evidence(answer));
        auto user =
            named.names.size() == 1 ? policy::parse_user_name(named.names.front()) : std::nullopt;
        if (!user || judge(change.when) != Verdict::Yes) return doubt("user_unreadable");
        return {policy::PrivilegeChanged{std::move(user)}, std::nullopt};
    }
    return {};
}

LoginWatch::Outcome LoginWatch::observe_loss(const Answer& answer) const {
    if (!session_.user || session_.login != rule_->name.text() || !rule_->lost) return {};
    if (policy::match_answer(rule_->lost->answer, view(answer)) != Match::Yes) return {};
    if (rule_->lost->reaction == policy::LostRule::Reaction::Demote)
        return {policy::Demoted{}, std::nullopt};
    return {policy::Revoked{policy::Reason::BackendSessionLost}, std::nullopt};
}

bool LoginWatch::logs_out(const Answer& answer) const {
    return std::any_of(rule_->logouts.begin(), rule_->logouts.end(), [&](const auto& logout) {
        // The answer alone tells nothing about a stranger, who cannot log out.
        const bool is_asked =
            logout.when ? judge(*logout.when) == Verdict::Yes : session_.user != nullptr;
        return is_asked &&
               (!logout.answer || policy::match_answer(*logout.answer, view(answer)) == Match::Yes);
    });
}

LoginWatch::Outcome LoginWatch::observe_silence() const {
    if (!rule_) return {};
    const auto seen = login();
    // Some backends act on a form whose end never came.
    const bool may_have_worked =
        !is_known_user() && (seen == Verdict::Yes || (seen != Verdict::No && !session_.user));
    if (may_have_worked) return doubt("no_answer");
    const bool logs_out = std::any_of(rule_->logouts.begin(), rule_->logouts.end(),
                                      [this](const policy::LogoutRule& logout) {
                                          return logout.when && judge(*logout.when) == Verdict::Yes;
                                      });
    if (logs_out) return {policy::LoggedOut{}, std::nullopt};
    return seen == Verdict::Doubtful && !is_known_user() ? guess("no_answer") : Outcome{};
}

}  // namespace gateway
