#include "gateway/exchange.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "gateway/log.h"
#include "policy/csrf.h"
#include "policy/decide.h"
#include "policy/http/path_parameters.h"
#include "policy/intake.h"

namespace gateway {

using policy::Reason;

Exchange::Exchange(Services& services, Client& client)
    : services_(services),
      client_(client),
      request_id_(services.request_ids.next()),
      now_(services.clock.now()),
      address_(client.address()) {}

// Only an exception can end an exchange whose upload still runs beside it. The upload would go on
// with what is gone: better no process than that.
Exchange::~Exchange() {
    if (uploading_) std::terminate();
}

Task<bool> Exchange::run() {
    const auto done = co_await handle();
    co_await end_upload();
    live_.reset();
    if (!done) co_await tell_error(done.error());
    client_.watch({});
    if (upstream_) services_.upstreams.release(std::move(upstream_));
    close_record();
    co_return !cut_off_;
}

Task<bool> Exchange::refuse_unread(policy::Error error) {
    co_await tell_error(std::move(error));
    close_record();
    co_return !cut_off_;
}

Task<Exchange::Done> Exchange::handle() {
    const auto understood = read();
    if (!understood) co_return understood;
    const auto loaded = co_await load_session();
    if (!loaded) co_return loaded;
    if (is_logout()) co_return co_await log_out();
    detect();
    const auto locked = co_await lock_session();
    if (!locked) co_return locked;
    co_return co_await obey(policy::decide(*facts_, session_facts_, *route_, findings_, now_));
}

Exchange::Done Exchange::read() {
    if (services_.proxies) {
        const auto found =
            policy::client_address(*services_.proxies, client_.head().fields, client_.address());
        if (!found) return tl::unexpected(found.error());
        address_ = *found;
    }
    const auto target =
        policy::strip_target(client_.head().target, services_.headers.path_parameters, arena_);
    auto facts = policy::read_facts(client_.head(), target.text, address_);
    if (!facts) return tl::unexpected(facts.error());
    facts_ = std::move(*facts);
    if (target.count > 0)
        report({policy::Event::SessionIdInPath,
                Reason::None,
                {},
                {{"parameter", std::string(target.name)}}});

    auto cookies = policy::read_cookies(client_.head());
    if (!cookies) return tl::unexpected(cookies.error());
    cookies_ = std::move(*cookies);
    if (is_logout()) return policy::ok();

    const auto route = services_.routes.find(facts_->host, facts_->target);
    if (!route) return tl::unexpected(route.error());
    route_ = *route;
    const auto& paths = route_->backend->crossing.paths;
    const auto forwarded = paths.to_backend(facts_->target.origin, arena_);
    if (!forwarded) return tl::unexpected(forwarded.error());
    facts_->forwarded = *forwarded;
    return policy::ok();
}

Task<Exchange::Done> Exchange::load_session() {
    auto loaded = co_await services_.sessions.load(cookies_, visit());
    if (!loaded) co_return tl::unexpected(loaded.error());
    session_ = std::move(*loaded);
    session_facts_ = session_.facts();
    co_return policy::ok();
}

void Exchange::detect() {
    report(session_.findings);
    if (!session_.session) return;
    const auto& environment = session_.session->environment;
    findings_ = policy::check_binding(services_.binding, environment.bound, environment.last,
                                      this->environment());
    report(findings_);
}

// Nobody is anybody any more: the request goes on as that of a stranger.
Task<Exchange::Done> Exchange::lock_session() {
    const bool locks = std::any_of(findings_.begin(), findings_.end(), [](const auto& finding) {
        return finding.reaction == policy::Reaction::Lock;
    });
    if (!locks) co_return policy::ok();
    const policy::SessionEvent over = policy::Revoked{Reason::SessionLocked};
    const auto committed = co_await commit(std::span(&over, 1));
    if (!committed) co_return tl::unexpected(committed.error());
    report(committed->findings);
    session_ = {};
    session_.refused = Reason::SessionLocked;
    session_.cookie_is_stale = true;
    session_facts_ = session_.facts();
    co_return policy::ok();
}

policy::ClientEnvironment Exchange::environment() const {
    return {facts_->client, policy::agent_family(facts_->user_agent)};
}

session::Visit Exchange::visit() const {
    using Activity = session::Visit::Activity;
    session::Visit visit{facts_->host.text(), environment(), now_};
    if (!route_) return visit;
    visit.activity = route_->is_activity ? Activity::Counts : Activity::Ignored;
    visit.transport = route_->transport;
    const auto* token = facts_->fields->find(services_.session_header);
    if (visit.transport == policy::Transport::Header && token) visit.token = token->value;
    return visit;
}

// What the client itself teaches. Where it is now is noted, so that it is told once and not with
// every request.
std::vector<policy::SessionEvent> Exchange::drift() const {
    std::vector<policy::SessionEvent> events;
    if (!session_.session) return events;
    const auto client = environment();
    if (!policy::is_same_client(services_.binding, session_.session->environment.last, client))
        events.emplace_back(policy::ClientMoved{client});
    const bool is_distrusted = std::any_of(
        findings_.begin(), findings_.end(),
        [](const auto& finding) { return finding.reaction == policy::Reaction::StepUp; });
    if (is_distrusted) events.emplace_back(policy::Distrusted{});
    return events;
}

Task<Exchange::Done> Exchange::obey(policy::Decision decision) {
    if (const auto* permit = std::get_if<policy::Permit>(&decision))
        co_return co_await forward(*permit);
    if (auto* login = std::get_if<policy::SendToLogin>(&decision))
        co_return co_await refuse(login->reason, std::move(login->location), {});
    if (const auto* revoke = std::get_if<policy::Revoke>(&decision)) {
        std::vector<policy::SessionEvent> events{policy::Revoked{revoke->reason}};
        co_return co_await refuse(revoke->reason, {}, std::move(events));
    }
    co_return co_await refuse(std::get<policy::Deny>(decision).reason, {}, {});
}

Task<Exchange::Done> Exchange::refuse(Reason reason, std::string location,
                                      std::vector<policy::SessionEvent> events) {
    report_refusal(reason);
    const auto drifted = drift();
    events.insert(events.end(), drifted.begin(), drifted.end());
    const auto committed = co_await commit(events);
    if (!committed) co_return tl::unexpected(committed.error());
    report(committed->findings);

    auto reply = refusal(reason, request_id_);
    if (!location.empty()) reply.status = 303;
    reply.location = std::move(location);
    reply.own_cookie = committed->set_cookie;
    reply.own_fields = committed->fields;
    outcome_.reason = reason;
    co_return co_await answer_ourselves(std::move(reply));
}

Task<Exchange::Done> Exchange::answer_ourselves(Reply reply) {
    outcome_.status = reply.status;
    answered_ = true;
    co_return co_await write_reply(client_, std::move(reply));
}

bool Exchange::is_logout() const {
    return !services_.logout_path.empty() && services_.routes.has_host(facts_->host) &&
           facts_->target.path.text() == services_.logout_path;
}

// Our own logout, for applications that have none or that nobody finds (REV-001, REV-003).
Task<Exchange::Done> Exchange::log_out() {
    report(session_.findings);
    if (facts_->method == policy::Method::Get || facts_->method == policy::Method::Head)
        co_return co_await answer_ourselves(logout_page(services_.logout_path, request_id_));
    if (facts_->method != policy::Method::Post)
        co_return co_await refuse(Reason::MethodRefused, {}, {});
    if (!policy::is_from_own_page(*facts_)) co_return co_await refuse(Reason::CrossSite, {}, {});

    const policy::SessionEvent over = policy::Revoked{Reason::LoggedOutHere};
    const auto committed = co_await commit(std::span(&over, 1));
    if (!committed) co_return tl::unexpected(committed.error());
    report(committed->findings);
    Reply reply{303, "/", committed->set_cookie, request_id_, {}, committed->fields};
    co_return co_await answer_ourselves(std::move(reply));
}

// An error that nobody has been told about yet, or one that cut the answer off.
Task<void> Exchange::tell_error(policy::Error error) {
    if (client_gone_) error.reason = Reason::ClientClosed;
    if (over_ != Reason::None) error = {over_, {}};
    const auto& row = policy::describe(error.reason);
    if (!error.context.empty()) log_problem(error.reason, request_id_, error.context);
    report_refusal(error.reason);
    if (outcome_.reason == Reason::None) outcome_.reason = error.reason;
    cut_off_ = answered_ || row.status == 0 || over_ != Reason::None;
    if (cut_off_) co_return;

    answered_ = true;
    outcome_.status = row.status;
    auto reply = refusal(error.reason, request_id_);
    reply.own_cookie = own_cookie_;
    reply.own_fields = own_fields_;
    const auto told = co_await write_reply(client_, std::move(reply));
    cut_off_ = !told;
}

void Exchange::report(const policy::Findings& findings) {
    for (const auto& finding : findings) report(finding);
}

void Exchange::report(const policy::Finding& finding) {
    reported_.push_back(finding.event);
    services_.audit.report(context(), finding);
}

// Says why the request is refused, unless what was noticed on the way has said it already.
void Exchange::report_refusal(Reason reason) {
    const auto event = policy::describe(reason).event;
    if (event == policy::Event::None) return;
    if (std::find(reported_.begin(), reported_.end(), event) != reported_.end()) return;
    report(policy::Finding{event, reason, {}, {}});
}

AuditContext Exchange::context() const {
    AuditContext context;
    context.time = now_;
    context.request_id = request_id_;
    context.session = session_facts_.handle;
    if (session_facts_.user) context.user = session_facts_.user->text();
    context.client = &address_;
    if (!(client_.address() == address_)) context.peer = &client_.address();
    if (!facts_) return context;
    context.host = facts_->host.text();
    context.method = policy::name(facts_->method);
    // Without path parameters: `;jsessionid=` is a session id.
    const auto& target = facts_->target;
    context.path = target.folded ? target.folded->text() : target.path.text();
    if (!route_) return context;
    context.route = route_->name;
    context.rule = route_->rule;
    return context;
}

void Exchange::close_record() {
    using std::chrono::duration_cast, std::chrono::microseconds;
    const auto spent = std::chrono::steady_clock::now() - started_;
    outcome_.duration_us = duration_cast<microseconds>(spent).count();
    outcome_.is_cut_off = cut_off_;
    services_.audit.close(context(), outcome_);
}

}  // namespace gateway
