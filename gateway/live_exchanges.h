#pragma once

// LiveExchanges: which exchanges of a worker are under way for which session. When a session ends,
// wherever that was, what is still sent for it a moment later is cut: a long download, a stream of
// events, a poll that waits. For the worker's own thread.

#include <functional>
#include <vector>

#include "gateway/io/timer_wheel.h"
#include "policy/base/reason.h"
#include "session/id.h"

namespace gateway {

class LiveExchanges {
public:
    // Short answers end by themselves, and who logs out sees the page that says so.
    static constexpr policy::Duration kGrace{1000};

    // `wheel` outlives this, and this all entries.
    explicit LiveExchanges(TimerWheel& wheel) : wheel_(wheel) {}
    LiveExchanges(const LiveExchanges&) = delete;
    LiveExchanges& operator=(const LiveExchanges&) = delete;

    using Cut = std::function<void(policy::Reason)>;

    class Entry {
    public:
        // `cut` is called at most once, and not after the entry is gone.
        Entry(LiveExchanges& all, const session::Locator& at, Cut cut);
        ~Entry();
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;

    private:
        friend class LiveExchanges;
        LiveExchanges& all_;
        const session::Locator at_;
        Cut cut_;
        policy::Reason doom_ = policy::Reason::None;  // Why it is to be cut.
        Entry* previous_ = nullptr;
        Entry* next_ = nullptr;
    };

    // What is under way for it is cut soon. Who begins later has looked at the session itself.
    void ended(const session::SessionKey& key, policy::Reason reason);

    // The sessions for which something is under way; some of them twice.
    [[nodiscard]] std::vector<session::Locator> sessions() const;

    // No deadline is pending from here on.
    void stop() { grace_.unlink(); }

private:
    struct Grace final : TimerWheel::Node {
        explicit Grace(LiveExchanges& owner) : all(owner) {}
        void on_deadline() override { all.cut_doomed(); }
        LiveExchanges& all;
    };
    void cut_doomed();

    TimerWheel& wheel_;
    Entry* first_ = nullptr;
    Grace grace_{*this};
};

}  // namespace gateway
