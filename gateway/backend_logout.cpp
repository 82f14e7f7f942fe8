#include "gateway/backend_logout.h"

#include <exception>
#include <utility>

#include "gateway/log.h"
#include "policy/decide.h"
#include "policy/intake.h"

namespace gateway {
namespace {

using policy::Reason;
using session::Task;

// The backend knows already: it said so, or was asked by the browser.
bool is_known_to_backend(Reason reason) {
    return reason == Reason::LoggedOut || reason == Reason::BackendSessionLost;
}

std::string_view backend_host(const policy::Route& route) {
    const auto& host = route.backend->crossing.host;
    return host ? host->host.text() : std::string_view(route.host);
}

// Ends what waits for a backend that takes too long.
struct Cutoff final : TimerWheel::Node {
    explicit Cutoff(Upstream& upstream) : slow(upstream) {}
    void on_deadline() override { slow.abort(); }
    Upstream& slow;
};

Task<policy::Result<void>> ignore_interim(const policy::ResponseHead&) {
    co_return policy::ok();
}

}  // namespace

void EndedSessions::ended(const session::SessionKey& key, const session::Session* session,
                          Reason reason) {
    if (!send_ || !session || !session->authentication || is_known_to_backend(reason)) return;
    const auto& login = session->authentication->rights->login;
    for (const auto* route : routes_.with_login(login.text())) {
        if (!route->login->backend_logout) continue;
        policy::Arena arena;
        const auto& paths = route->backend->crossing.paths;
        const auto target = paths.to_backend(route->login->backend_logout->target, arena);
        if (!target) continue;
        auto cookies = session->vault.header({route->backend->name.text(), backend_host(*route),
                                              target->substr(0, target->find('?'))},
                                             clock_.now());
        if (cookies.empty()) continue;  // Nobody is logged in there by them.
        send_({route, std::string(*target), std::move(cookies), key.handle().text(),
               session->authentication->user.text(), session->environment.last.address, reason});
    }
}

void BackendLogouts::send(LogoutCall call) {
    if (waiting_.size() >= kWaiting) {
        report(call, {}, policy::fail(Reason::Overloaded, "too many logouts are waiting"));
        return;
    }
    waiting_.push_back(std::move(call));
    if (under_way_ < kAtOnce) session::spawn(work());
}

Task<void> BackendLogouts::work() {
    ++under_way_;
    while (!waiting_.empty()) {
        const auto call = std::move(waiting_.front());
        waiting_.pop_front();
        const auto request_id = request_ids_.next();
        policy::Result<int> answered = 0;
        try {
            answered = co_await ask(call, request_id);
        } catch (const std::exception& failure) {
            answered = policy::fail(Reason::Internal, failure.what());
        }
        report(call, request_id, answered);
    }
    if (--under_way_ == 0) idle_();
}

void BackendLogouts::drain() {
    for (const auto& call : std::exchange(waiting_, {}))
        report(call, {}, policy::fail(Reason::ShuttingDown, "the gateway is ending"));
}

// The status of the answer.
Task<policy::Result<int>> BackendLogouts::ask(const LogoutCall& call, std::string_view request_id) {
    const auto& logout = *call.route->login->backend_logout;
    policy::Arena arena;
    policy::RequestHead head;
    head.method = logout.method;
    head.target = logout.target;
    head.fields.add("Host", call.route->host);
    head.fields.add("Accept", "*/*");
    head.fields.add("User-Agent", "sallyport");
    if (!logout.form.empty()) {
        head.fields.add("Content-Type", "application/x-www-form-urlencoded");
        head.fields.add("Origin", arena.join({"https://", call.route->host}));
    }
    const auto facts = policy::read_facts(head, head.target, call.client);
    if (!facts) co_return tl::unexpected(facts.error());
    const auto permit = policy::permit_logout(*call.route, call.target);
    policy::FieldList fields;
    static_cast<void>(policy::outgoing_request(
        permit, {head, *facts, policy::SessionFacts{}, {}, call.cookies, request_id}, headers_,
        arena, fields));

    auto upstream =
        co_await upstreams_.acquire(*call.route->backend, UpstreamSource::Freshness::New);
    if (!upstream) co_return tl::unexpected(upstream.error());
    Cutoff cutoff(**upstream);
    wheel_.arm(cutoff, kDeadline);
    policy::Framing framing;
    if (!logout.form.empty()) framing = {policy::Framing::Kind::Length, logout.form.size()};
    const auto sent = co_await (*upstream)->send(permit, fields, framing, logout.form);
    if (!sent) co_return tl::unexpected(sent.error());
    const auto answer = co_await (*upstream)->read_head(ignore_interim);
    if (!answer) co_return tl::unexpected(answer.error());
    co_return (*answer)->status;
}

void BackendLogouts::report(const LogoutCall& call, std::string_view request_id,
                            const policy::Result<int>& answered) {
    AuditContext context;
    context.time = clock_.now();
    context.request_id = request_id;
    context.session = call.session;
    context.user = call.user;
    context.client = &call.client;
    context.host = call.route->host;
    context.route = call.route->name;
    context.rule = call.route->login->rule;
    policy::Finding finding{policy::Event::BackendLogout, Reason::None, {}, {}};
    finding.arguments.emplace_back("ended_by", policy::word(call.why));
    if (answered) finding.arguments.emplace_back("answer", std::to_string(*answered));
    if (!answered) finding.reason = answered.error().reason;
    audit_.report(context, finding);
    if (!answered)
        log_problem(finding.reason, request_id, "backend logout: " + answered.error().context);
}

}  // namespace gateway
