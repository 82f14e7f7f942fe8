#pragma once

// When our session has ended, for whatever reason, the backend's own must not live on: it is sent
// its logout with the vault's cookies, off the path of requests and under a deadline. What comes of
// it is an event, and changes nothing here.

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "gateway/audit/audit.h"
#include "gateway/io/timer_wheel.h"
#include "gateway/io/upstream.h"
#include "gateway/request_ids.h"
#include "policy/outgoing.h"
#include "policy/route.h"
#include "session/clock.h"
#include "session/store.h"

namespace gateway {

// One logout that a backend has to be sent.
struct LogoutCall {
    const policy::Route* route = nullptr;  // Whose login rule says how; outlives the call.
    std::string target;                    // As the backend is sent it.
    std::string cookies;                   // Of the vault, for that target.
    std::string session;                   // The handle.
    std::string user;
    policy::IpAddress client;
    policy::Reason why = policy::Reason::None;  // The session ended.
};

// Hears of ended sessions and says what has to be sent. Callable from any thread.
class EndedSessions final : public session::EndListener {
public:
    using Send = std::function<void(LogoutCall)>;

    // `routes` and `clock` outlive this.
    EndedSessions(const policy::RouteTable& routes, const session::Clock& clock)
        : routes_(routes), clock_(clock) {}

    // Where calls go from here on; before, and with an empty function, nowhere.
    void send_to(Send send) { send_ = std::move(send); }

    void ended(const session::SessionKey& key, const session::Session* session,
               policy::Reason reason) override;

private:
    const policy::RouteTable& routes_;
    const session::Clock& clock_;
    Send send_;
};

// Sends them: one per worker, on its loop.
class BackendLogouts {
public:
    static constexpr policy::Duration kDeadline = std::chrono::seconds(10);
    static constexpr std::size_t kAtOnce = 64;  // Under way.
    static constexpr std::size_t kWaiting =
        4096;  // One that finds no room is given up, with an event.

    // Everything outlives this.
    BackendLogouts(UpstreamSource& upstreams, TimerWheel& wheel, Audit& audit,
                   const policy::HeaderRules& headers, const session::Clock& clock,
                   RequestIds& request_ids, std::function<void()> idle)
        : upstreams_(upstreams),
          wheel_(wheel),
          audit_(audit),
          headers_(headers),
          clock_(clock),
          request_ids_(request_ids),
          idle_(std::move(idle)) {}

    void send(LogoutCall call);

    // Begins no further one. `idle` was or will be called when those under way have come back.
    void drain();
    [[nodiscard]] bool is_idle() const { return under_way_ == 0; }

private:
    [[nodiscard]] session::Task<void> work();
    [[nodiscard]] session::Task<policy::Result<int>> ask(const LogoutCall& call,
                                                         std::string_view request_id);
    void report(const LogoutCall& call, std::string_view request_id,
                const policy::Result<int>& answered);

    UpstreamSource& upstreams_;
    TimerWheel& wheel_;
    Audit& audit_;
    const policy::HeaderRules& headers_;
    const session::Clock& clock_;
    RequestIds& request_ids_;
    std::function<void()> idle_;
    std::deque<LogoutCall> waiting_;
    std::size_t under_way_ = 0;
};

}  // namespace gateway
