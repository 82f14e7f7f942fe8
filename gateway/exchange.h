#pragma once

// One request and its answer: the page to read first. The order of the steps is design; each is
// a function below, and nothing of a later one happens before an earlier one has said yes.

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/audit/audit.h"
#include "gateway/body_start.h"
#include "gateway/io/client.h"
#include "gateway/io/signal.h"
#include "gateway/io/upstream.h"
#include "gateway/live_exchanges.h"
#include "gateway/login_watch.h"
#include "gateway/question.h"
#include "gateway/reply.h"
#include "gateway/request_ids.h"
#include "gateway/stale_cookies.h"
#include "policy/detectors/binding.h"
#include "policy/http/forwarded.h"
#include "policy/outgoing.h"
#include "session/attempts.h"
#include "session/clock.h"
#include "session/manager.h"

namespace gateway {

// What an exchange needs from the outside. The worker owns all of it and outlives every exchange.
struct Services {
    session::Manager& sessions;
    session::Attempts& attempts;
    UpstreamSource& upstreams;
    const session::Clock& clock;
    Audit& audit;
    RequestIds& request_ids;
    const policy::RouteTable& routes;
    const policy::HeaderRules& headers;
    const policy::BindingPolicy& binding;
    StaleCookies& stale_cookies;
    LiveExchanges& live;
    std::string_view logout_path = {};     // Of the gateway's own logout; empty: none.
    std::string_view session_header = {};  // Where clients without cookies carry their session.
    const policy::TrustedProxies* proxies = nullptr;  // Null: nobody is believed.
};

class Exchange {
public:
    Exchange(Services& services, Client& client);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    // Runs the exchange to its end and leaves exactly one record of it. False: the answer was cut
    // off, and the connection must end in a way that shows it.
    [[nodiscard]] Task<bool> run();

    // Answers a request that could not even be read.
    [[nodiscard]] Task<bool> refuse_unread(policy::Error error);

private:
    using Done = policy::Result<void>;

    [[nodiscard]] Task<Done> handle();
    [[nodiscard]] Done read();
    [[nodiscard]] Task<Done> load_session();
    void detect();
    [[nodiscard]] policy::ClientEnvironment environment() const;
    [[nodiscard]] session::Visit visit() const;
    [[nodiscard]] Task<Done> lock_session();
    [[nodiscard]] std::vector<policy::SessionEvent> drift() const;
    [[nodiscard]] Task<Done> obey(policy::Decision decision);
    [[nodiscard]] bool is_logout() const;
    [[nodiscard]] Task<Done> log_out();
    [[nodiscard]] Task<Done> answer_ourselves(Reply reply);
    [[nodiscard]] Task<Done> refuse(policy::Reason reason, std::string location,
                                    std::vector<policy::SessionEvent> events);

    [[nodiscard]] Task<Done> forward(policy::Permit permit);
    [[nodiscard]] Task<Done> collect_body();
    [[nodiscard]] policy::Framing outgoing_framing() const;
    void build_request(const policy::Permit& permit);
    [[nodiscard]] policy::Crossing crossing() const;
    [[nodiscard]] std::string_view backend_host() const;
    [[nodiscard]] Task<policy::Result<const policy::ResponseHead*>> ask(policy::Permit permit);
    [[nodiscard]] Task<policy::Result<const policy::ResponseHead*>> ask_once(
        const policy::Permit& permit, UpstreamSource::Freshness freshness);
    [[nodiscard]] Task<void> upload(Upstream& upstream);
    void fail_upload(const policy::Error& error);
    void watch_client();
    void give_up_on_client();
    void cut(policy::Reason reason);
    [[nodiscard]] Task<void> end_upload();

    [[nodiscard]] Task<Done> answer(const policy::Permit& permit,
                                    const policy::ResponseHead& response);
    [[nodiscard]] bool is_private() const;
    [[nodiscard]] std::vector<std::string> remove_stale_cookies();
    [[nodiscard]] Task<policy::Result<session::Committed>> learn(
        const policy::ResponseHead& response, std::vector<std::string> vaulted);
    [[nodiscard]] LoginWatch::Answer seen_so_far(const policy::ResponseHead& response);
    [[nodiscard]] Task<LoginWatch::Outcome> understand(LoginWatch::Answer answer);
    using Lines = std::span<const std::string_view>;  // Of Set-Cookie.
    [[nodiscard]] std::string cookies_after_login(std::string_view target, Lines lines) const;
    [[nodiscard]] Task<policy::AskedAnswer> ask_backend(std::string_view target, Lines lines);
    [[nodiscard]] Task<policy::Result<session::Committed>> remember(
        const LoginWatch::Outcome& seen, std::vector<std::string> vaulted);
    [[nodiscard]] Task<policy::Result<session::Committed>> commit(
        std::span<const policy::SessionEvent> events);
    [[nodiscard]] session::Succession succession() const;
    [[nodiscard]] Task<Done> learn_from_silence();
    [[nodiscard]] Task<void> end_session();
    void report_outcome(const LoginWatch::Outcome& seen, const session::Committed& committed);
    void report_login(const policy::LoginOutcome& login, const session::Committed& committed);
    [[nodiscard]] Task<Done> relay();
    [[nodiscard]] Task<Done> relay_interim(const policy::ResponseHead& response);

    void report(const policy::Findings& findings);
    void report(const policy::Finding& finding);
    void report_refusal(policy::Reason reason);
    [[nodiscard]] Task<void> tell_error(policy::Error error);
    [[nodiscard]] AuditContext context() const;
    void close_record();

    using SteadyTime = std::chrono::steady_clock::time_point;

    Services& services_;
    Client& client_;
    const std::string request_id_;
    const SteadyTime started_ = std::chrono::steady_clock::now();
    policy::Instant now_;

    policy::IpAddress address_;  // Of the client, as far as it is known.
    std::optional<policy::RequestFacts> facts_;
    const policy::Route* route_ = nullptr;
    std::vector<policy::CookiePair> cookies_;
    session::Loaded session_;
    policy::SessionFacts session_facts_;
    policy::Findings findings_;

    std::vector<std::string_view> refused_cookies_;  // Names that came with the request in vain.
    std::optional<LoginWatch> login_;
    std::string body_;  // The beginning of the request's body, read before it was sent.
    bool body_complete_ = false;
    std::optional<BodyStart> body_start_;  // Of the answer, when its meaning hangs on it.
    policy::Arena arena_;
    policy::FieldList request_fields_;
    policy::FieldList response_fields_;
    std::unique_ptr<Upstream> upstream_;
    Signal uploaded_;
    bool uploading_ = false;
    bool abandoned_ = false;  // By us: what the upload says then is no error of the client's.
    bool client_gone_ = false;
    std::optional<policy::Error> upload_error_;
    std::optional<LiveExchanges::Entry> live_;
    policy::Reason over_ =
        policy::Reason::None;  // Why the session ended meanwhile, if it was not by this exchange.

    std::string own_cookie_;  // For an error page: what a commit wants the browser to keep.
    policy::OwnFields own_fields_;
    bool answered_ = false;  // The head of an answer was written.
    bool cut_off_ = false;
    std::vector<policy::Event> reported_;
    ExchangeOutcome outcome_;
};

}  // namespace gateway
