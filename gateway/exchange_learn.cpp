// What an exchange teaches about its session: step 11 to 13 of the life of a request.

#include <utility>

#include "gateway/exchange.h"
#include "gateway/log.h"
#include "policy/base/text.h"
#include "policy/decide.h"
#include "policy/http/set_cookie.h"

namespace gateway {
namespace {

using policy::Event;
using policy::Reason;
using LoginKind = policy::LoginOutcome::Kind;

// As the browser will see it: a rule knows where Location leads from outside.
policy::ResponseFacts facts_of(const policy::ResponseHead& response,
                               const policy::Crossing& crossing, policy::Arena& arena) {
    policy::ResponseFacts facts;
    facts.status = response.status;
    facts.fields = &response.fields;
    for (const auto& [name, value] : response.fields) {
        if (policy::equals_ignoring_case(name, "Location"))
            facts.location = policy::public_location(value, crossing, arena).value_or("");
        if (policy::equals_ignoring_case(name, "Set-Cookie")) facts.set_cookies.push_back(value);
    }
    return facts;
}

// What the browser holds when it has seen `lines`.
std::vector<policy::CookiePair> without_set(std::vector<policy::CookiePair> held,
                                            std::span<const std::string_view> lines) {
    for (const auto line : lines) {
        const auto set = policy::parse_set_cookie(line);
        if (set) std::erase_if(held, [&](const auto& pair) { return pair.name == set->name; });
    }
    return held;
}

// Of events that are worth a line of their own in the audit.
Event told_as(const policy::SessionEvent& event) {
    if (std::holds_alternative<policy::PrivilegeChanged>(event)) return Event::AuthnPrivilegeChange;
    return std::holds_alternative<policy::Demoted>(event) ? Event::SessionDemoted : Event::None;
}

}  // namespace

// As far as the head of an answer tells.
LoginWatch::Answer Exchange::seen_so_far(const policy::ResponseHead& response) {
    const auto* cookies = request_fields_.find("Cookie");
    return {facts_of(response, crossing(), arena_),
            cookies ? cookies->value : std::string_view{},
            now_,
            {}};
}

// Stores what the answer taught us before the browser hears of it.
Task<policy::Result<session::Committed>> Exchange::learn(const policy::ResponseHead& response,
                                                         std::vector<std::string> vaulted) {
    now_ = services_.clock.now();
    auto answer = seen_so_far(response);
    if (body_start_) answer.response.body = body_of(*body_start_, response.fields);
    const auto seen = co_await understand(std::move(answer));
    if (seen.ends_session()) vaulted.clear();
    co_return co_await remember(seen, std::move(vaulted));
}

Task<LoginWatch::Outcome> Exchange::understand(LoginWatch::Answer answer) {
    auto seen = login_->observe(answer);
    std::vector<policy::AskedAnswer> asked;
    while (const auto* question = seen.question()) {
        asked.push_back(co_await ask_backend(question->target, answer.response.set_cookies));
        answer.asked = asked;
        seen = login_->observe(answer);
    }
    co_return seen;
}

// Those that the session will have when the login is believed, and those that the browser is given.
std::string Exchange::cookies_after_login(std::string_view target, Lines lines) const {
    const auto& backend = route_->backend->name.text();
    const session::Destination from{backend, backend_host(), facts_->forwarded_path()};
    session::Vault jar;
    if (session_.session && login_->old_cookies() == policy::OldCookies::Kept)
        jar = session_.session->vault;
    for (const auto line : lines) {
        const auto cookie = policy::parse_set_cookie(line);
        const bool is_kept =
            cookie && route_->backend->cookies.mode_of(cookie->name) != policy::CookieMode::Drop;
        if (is_kept) static_cast<void>(jar.apply(line, from, now_, {}));
    }
    return jar.header({backend, backend_host(), target.substr(0, target.find('?'))}, now_);
}

Task<policy::AskedAnswer> Exchange::ask_backend(std::string_view target, Lines lines) {
    policy::AskedAnswer answer;
    const auto mapped = route_->backend->crossing.paths.to_backend(target, arena_);
    if (mapped) {
        policy::RequestHead head;
        head.fields.add("Accept", "*/*");
        head.fields.add("Accept-Encoding", "identity");
        head.fields.add("User-Agent", facts_->user_agent);
        const auto permit = policy::permit_question(*route_, *mapped);
        const auto cookies = cookies_after_login(*mapped, lines);
        const auto held = without_set(cookies_, lines);
        policy::FieldList fields;
        static_cast<void>(policy::outgoing_request(
            permit, {head, *facts_, policy::SessionFacts{}, held, cookies, request_id_},
            services_.headers, arena_, fields));
        auto told = co_await put_question(services_.upstreams, permit, fields,
                                          route_->login->body_limit, arena_);
        if (told) answer = std::move(*told);
        if (!told)
            log_problem(told.error().reason, request_id_,
                        "asked who is logged in: " + told.error().context);
    }
    answer.target = target;
    co_return answer;
}

Task<policy::Result<session::Committed>> Exchange::remember(const LoginWatch::Outcome& seen,
                                                            std::vector<std::string> vaulted) {
    auto events = drift();
    if (!vaulted.empty())
        events.emplace_back(policy::CookiesSet{std::move(vaulted), route_->backend->name.text(),
                                               std::string(backend_host()),
                                               std::string(facts_->forwarded_path())});
    if (seen.event) events.push_back(*seen.event);
    auto committed = co_await commit(events);
    if (!committed) {
        // The store being full or away must not make guesses free.
        if (seen.login) report_login(*seen.login, {});
        if (seen.login) co_await end_session();
        co_return committed;
    }
    if (committed->session) {
        session_.session = committed->session;
        session_.handle = committed->handle;
        session_facts_ = session_.facts();
    }
    report_outcome(seen, *committed);
    report(committed->findings);
    co_return committed;
}

Task<policy::Result<session::Committed>> Exchange::commit(
    std::span<const policy::SessionEvent> events) {
    const auto when = visit();
    auto committed = co_await services_.sessions.commit(session_, events, when, succession());
    co_return committed;
}

// Not in answers that nobody may ever see, or that were fetched before somebody wanted them, nor in
// those that a page of somebody else asked for (ROT-007).
session::Succession Exchange::succession() const {
    using session::Succession;
    const auto value = [&](std::string_view name) {
        const auto* field = facts_->fields->find(name);
        return field ? field->value : std::string_view{};
    };
    const bool is_prefetch = value("Sec-Purpose").find("prefetch") != std::string_view::npos ||
                             value("Purpose") == "prefetch" || value("X-Moz") == "prefetch";
    const bool is_foreign_load =
        value("Sec-Fetch-Site") == "cross-site" && value("Sec-Fetch-Mode") == "no-cors";
    const bool is_seen = !client_gone_ && !is_prefetch && !is_foreign_load;
    return is_seen ? Succession::MayBeOffered : Succession::NotNow;
}

// The backend may have let somebody into a session whose id could not be changed: as far as the
// store can still be reached, that session ends.
Task<void> Exchange::end_session() {
    const policy::SessionEvent over = policy::Revoked{Reason::LoginUnclear};
    const auto ended = co_await commit(std::span(&over, 1));
    if (ended) report(ended->findings);
}

// A login or logout that was sent may have worked although nobody saw the answer.
Task<Exchange::Done> Exchange::learn_from_silence() {
    if (!upstream_) co_return policy::ok();
    now_ = services_.clock.now();
    const auto seen = login_->observe_silence();
    if (!seen.event && !seen.login) co_return policy::ok();
    std::vector<policy::SessionEvent> events;
    if (seen.event) events.push_back(*seen.event);
    const auto committed = co_await commit(events);
    if (!committed && seen.login) report_login(*seen.login, {});
    if (!committed) co_return tl::unexpected(committed.error());
    own_cookie_ = committed->set_cookie;
    own_fields_ = committed->fields;
    report_outcome(seen, *committed);
    report(committed->findings);
    co_return policy::ok();
}

void Exchange::report_outcome(const LoginWatch::Outcome& seen,
                              const session::Committed& committed) {
    if (seen.login) report_login(*seen.login, committed);
    if (!seen.event || !committed.session) return;
    const auto event = told_as(*seen.event);
    if (event != Event::None) report(policy::Finding{event, Reason::None, {}, {}});
}

void Exchange::report_login(const policy::LoginOutcome& login,
                            const session::Committed& committed) {
    const auto& counting = route_->login->counting;
    auto& attempts = services_.attempts;
    policy::Finding finding{Event::AuthnLoginUnclassified, Reason::None, {}, {}};
    const bool is_known = committed.session && committed.session->authentication;
    if (login.kind == LoginKind::Success && is_known) {
        finding.event = Event::AuthnLoginSuccess;
        report(finding);
        report(attempts.succeeded(*login.user, counting, facts_->client, now_));
        return;
    }
    if (login.user) finding.arguments.emplace_back("attempted_user", login.user->text());
    const bool is_pending = login.kind == LoginKind::Pending && committed.session;
    if (is_pending) finding.event = Event::AuthnLoginPending;
    if (login.kind == LoginKind::Failure) finding.event = Event::AuthnLoginFail;
    if (finding.event == Event::AuthnLoginUnclassified) {
        const bool is_clear = login.kind != LoginKind::Unclassified;
        finding.arguments.emplace_back("why", is_clear ? "session_ended" : std::string(login.why));
    }
    report(finding);
    // A guess whose answer nobody fetches must count, too; a login that is confirmed clears it.
    if (is_pending) report(attempts.began(*login.user, counting, now_));
    if (login.kind == LoginKind::Failure || login.kind == LoginKind::Unclassified)
        report(attempts.failed(login.user, counting, facts_->client, now_));
}

}  // namespace gateway
