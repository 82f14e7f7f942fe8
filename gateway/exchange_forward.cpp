// The part of an exchange that follows a Permit: steps 9 to 14 of the life of a request.

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/exchange.h"
#include "policy/base/text.h"

namespace gateway {
namespace {

using policy::Reason;
using Kind = policy::Framing::Kind;

// How much of a body is read ahead to find out whether the request is a login.
constexpr std::size_t kReadAhead = std::size_t{16} * 1024;

void remove(policy::FieldList& fields, std::span<const std::string_view> names) {
    fields.remove_if([names](const policy::Field& field) {
        return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
            return policy::equals_ignoring_case(field.name, name);
        });
    });
}

// Asks for a body in which something can be found.
void ask_for_plain_text(policy::FieldList& fields) {
    constexpr std::array<std::string_view, 2> kChoices{"Accept-Encoding", "Accept-Charset"};
    remove(fields, kChoices);
    fields.add("Accept-Encoding", "identity");
}

// Part of a page, or word that an older one is still good, tells nothing about a login.
void ask_for_all_of_it(policy::FieldList& fields) {
    constexpr std::array<std::string_view, 6> kConditions{
        "Range",         "If-Range",          "If-Match",
        "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"};
    remove(fields, kConditions);
}

}  // namespace

Task<Exchange::Done> Exchange::forward(policy::Permit permit) {
    login_.emplace(route_->login.get(), *facts_, session_facts_);
    if (session_.at)
        live_.emplace(services_.live, *session_.at, [this](Reason reason) { cut(reason); });
    const auto collected = co_await collect_body();
    if (!collected) co_return collected;
    build_request(permit);

    const auto asked = std::chrono::steady_clock::now();
    const auto response = co_await ask(permit);
    const auto spent = std::chrono::steady_clock::now() - asked;
    outcome_.backend_us = std::chrono::duration_cast<std::chrono::microseconds>(spent).count();
    if (response) co_return co_await answer(permit, **response);
    const auto learned = co_await learn_from_silence();
    if (!learned) co_return learned;
    co_return tl::unexpected(upload_error_ ? *upload_error_ : response.error());
}

// Bodies are streamed. Only what is here anyway, or what decides how the request is sent, is read
// before.
Task<Exchange::Done> Exchange::collect_body() {
    while (client_.body_is_here() || (login_->decides_on_body() && body_.size() < kReadAhead)) {
        const auto piece = co_await client_.read_body();
        if (!piece) co_return tl::unexpected(piece.error());
        if (piece->empty()) {
            body_complete_ = true;
            login_->finish();
            break;
        }
        login_->feed(*piece);
        body_.append(*piece);
    }
    co_return policy::ok();
}

policy::Framing Exchange::outgoing_framing() const {
    const auto& framing = client_.framing();
    if (framing.kind == Kind::Chunked && body_complete_) return {Kind::Length, body_.size()};
    return framing;
}

void Exchange::build_request(const policy::Permit& permit) {
    std::string vault;
    if (session_.session && !login_->withholds_cookies())
        vault = session_.session->vault.header(
            {route_->backend->name.text(), backend_host(), facts_->forwarded_path()}, now_);
    auto outgoing = policy::outgoing_request(
        permit, {client_.head(), *facts_, session_facts_, cookies_, vault, request_id_},
        services_.headers, arena_, request_fields_);
    report(outgoing.findings);
    refused_cookies_ = std::move(outgoing.refused);
    if (login_->reads_answer()) ask_for_plain_text(request_fields_);
    if (login_->lets_in()) ask_for_all_of_it(request_fields_);
}

policy::Crossing Exchange::crossing() const {
    return {*route_->backend, *facts_, services_.headers.path_parameters};
}

std::string_view Exchange::backend_host() const {
    const auto& host = route_->backend->crossing.host;
    return host ? host->host.text() : facts_->host.text();
}

Task<policy::Result<const policy::ResponseHead*>> Exchange::ask(policy::Permit permit) {
    using Freshness = UpstreamSource::Freshness;
    const auto first = co_await ask_once(permit, Freshness::Any);
    // RFC 9110 §9.2.2: once more only when the backend cannot have acted on it, or acting twice
    // is the same; a stream that was read from the client is gone.
    const bool closed = !first && first.error().reason == Reason::BackendClosed;
    const bool again = closed && upstream_->may_be_stale() && body_complete_ &&
                       policy::is_idempotent(permit.method()) && !client_gone_;
    if (!again) co_return first;
    co_return co_await ask_once(permit, Freshness::New);
}

Task<policy::Result<const policy::ResponseHead*>> Exchange::ask_once(
    const policy::Permit& permit, UpstreamSource::Freshness freshness) {
    auto acquired = co_await services_.upstreams.acquire(*permit.route().backend, freshness);
    if (!acquired) co_return tl::unexpected(acquired.error());
    client_.watch({});
    if (client_gone_) co_return policy::fail(Reason::ClientClosed);
    upstream_ = std::move(*acquired);
    const auto sent = co_await upstream_->send(permit, request_fields_, outgoing_framing(), body_);
    if (!sent) co_return tl::unexpected(sent.error());
    if (body_complete_) {
        watch_client();
    } else {
        uploading_ = true;
        session::spawn(upload(*upstream_));
    }
    co_return co_await upstream_->read_head(
        [this](const policy::ResponseHead& interim) { return relay_interim(interim); });
}

// Runs beside the reading of the answer, because a backend may answer while it still reads.
Task<void> Exchange::upload(Upstream& upstream) {
    // While the backend takes nothing nobody reads from the client, and would see it leave.
    client_.watch_upload([this] { give_up_on_client(); });
    for (;;) {
        const auto piece = co_await client_.read_body();
        if (!piece) {
            if (!abandoned_) fail_upload(piece.error());
            upstream.abort();
            break;
        }
        if (piece->empty()) {
            login_->finish();
            if (co_await upstream.finish_body()) watch_client();
            break;
        }
        login_->feed(*piece);
        // A backend that stops reading may have answered already: its answer decides.
        if (!co_await upstream.send_body(*piece)) break;
    }
    client_.watch_upload({});
    uploading_ = false;
    uploaded_.set();
}

void Exchange::fail_upload(const policy::Error& error) {
    upload_error_ = error;
    client_gone_ = error.reason == Reason::ClientClosed;
}

// A client that leaves must not keep the backend working.
void Exchange::watch_client() {
    client_.watch([this] { give_up_on_client(); });
}

void Exchange::give_up_on_client() {
    client_gone_ = true;
    upstream_->abort();
}

// The session is over, and whatever is still sent for it is nobody's.
void Exchange::cut(Reason reason) {
    over_ = reason;
    client_gone_ = true;
    if (upstream_) upstream_->abort();
    client_.break_off();
}

Task<void> Exchange::end_upload() {
    if (!uploading_) co_return;
    abandoned_ = true;
    client_.abandon_body();
    upstream_->abort();
    co_await uploaded_.wait();
}

Task<Exchange::Done> Exchange::answer(const policy::Permit& permit,
                                      const policy::ResponseHead& response) {
    const auto way = crossing();
    auto cookies = policy::sort_cookies(response, way, services_.headers, arena_);
    report(cookies.findings);
    if (login_->reads_answer(seen_so_far(response)))
        body_start_ = co_await read_start(*upstream_, route_->login->body_limit);
    auto committed = co_await learn(response, std::move(cookies.vaulted));
    if (!committed) co_return tl::unexpected(committed.error());
    if (!committed->session) live_.reset();  // What this request ended it may still answer.

    if (!cookies.released.empty()) {
        const auto lives = co_await services_.sessions.still_lives(session_, now_);
        if (!lives) co_return tl::unexpected(lives.error());
        committed->is_late = committed->is_late || (committed->session && !*lives);
    }
    // An answer that comes late to a session's end sets nothing at all.
    if (committed->is_late) cookies.released.clear();
    own_cookie_ = std::move(committed->set_cookie);
    own_fields_ = std::move(committed->fields);
    const auto removals = committed->is_late ? std::vector<std::string>{} : remove_stale_cookies();
    policy::outgoing_response({response, permit.method(), cookies.released, removals, own_cookie_,
                               &way, own_fields_, services_.session_header, is_private()},
                              arena_, response_fields_);
    outcome_.status = response.status;
    answered_ = true;
    client_.write_head(response.status, response_fields_, upstream_->framing());
    co_return co_await relay();
}

bool Exchange::is_private() const {
    // Also of a user whom the backend is not told of: it may know him by his cookies.
    return !route_->is_cacheable && session_facts_.user;
}

std::vector<std::string> Exchange::remove_stale_cookies() {
    if (refused_cookies_.empty()) return {};
    const auto* vault = session_.session ? &session_.session->vault : nullptr;
    StaleCookies::Sighting seen{refused_cookies_, *facts_, *route_->backend, session_facts_.handle,
                                vault};
    const auto known = StaleCookies::known(seen);
    if (known.empty()) return {};
    report(policy::cookie_refused(known));
    seen.names = known;
    return services_.stale_cookies.remove(seen);
}

Task<Exchange::Done> Exchange::relay() {
    if (body_start_ && !body_start_->text.empty()) {
        const auto written = co_await client_.write_body(body_start_->text);
        if (!written) co_return written;
    }
    if (body_start_ && body_start_->error) {
        const auto flushed = co_await client_.flush();
        co_return flushed ? tl::unexpected(*body_start_->error) : flushed;
    }
    for (;;) {
        // Before waiting for the backend the browser gets what there is.
        if (!upstream_->body_is_ready()) {
            const auto flushed = co_await client_.flush();
            if (!flushed) co_return flushed;
        }
        if (body_start_ && body_start_->is_complete) break;
        const auto piece = co_await upstream_->read_body();
        if (!piece) co_return tl::unexpected(piece.error());
        if (piece->empty()) break;
        const auto written = co_await client_.write_body(*piece);
        if (!written) co_return written;
    }
    co_return co_await client_.finish();
}

Task<Exchange::Done> Exchange::relay_interim(const policy::ResponseHead& response) {
    policy::outgoing_response({response, facts_->method, {}, {}, {}}, arena_, response_fields_);
    co_return co_await client_.write_interim(response.status, response_fields_);
}

}  // namespace gateway
