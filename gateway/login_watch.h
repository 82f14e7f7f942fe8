#pragma once

// Follows one exchange with a backend whose login is observed: is this request a login or a
// logout, what stands in its form, what did the answer mean? The rules are policy's (observe.h);
// this keeps the form that streams by, and knows what the backend was sent.
//
// What is not understood must not leave a session behind that the backend may have logged in:
// the session ends (ROT-001), and whoever asked begins anew.

#include <optional>
#include <string_view>

#include "policy/observe.h"
#include "policy/session_event.h"

namespace gateway {

class LoginWatch {
public:
    // `rule` is null for routes without an observed login, and then nothing is one. `user` is who
    // the session knew before, null for strangers; both outlive this.
    LoginWatch(const policy::LoginRule* rule, const policy::RequestFacts& request,
               std::string_view content_type, const policy::UserName* user);

    // The body must pass through feed(), and finish() must follow its end.
    void feed(std::string_view bytes);
    void finish();

    // The body should be read before anything is sent, because what is sent depends on it.
    [[nodiscard]] bool decides_on_body() const;

    // Asked once, when the request is built: whether it must go without the vault's cookies.
    [[nodiscard]] bool withholds_cookies();

    // What the answer means: for the session, and for the audit when the request was a login.
    struct Outcome {
        std::optional<policy::SessionEvent> event;
        std::optional<policy::LoginOutcome> login;

        // The backend's cookies of this answer must not be kept.
        [[nodiscard]] bool ends_session() const;
    };
    [[nodiscard]] Outcome observe(const policy::ResponseFacts& response, policy::Instant now) const;

    // The request was sent, and no answer came: it may have had its effect all the same.
    [[nodiscard]] Outcome observe_silence() const;

private:
    enum class Login { No, Doubtful, Open, Yes };
    [[nodiscard]] Login login() const;
    [[nodiscard]] bool withholds() const;
    [[nodiscard]] Outcome doubt(std::string_view why) const;
    [[nodiscard]] Outcome observe_login(const policy::ResponseFacts& response,
                                        policy::Instant now) const;
    [[nodiscard]] std::string_view doubt_about(const policy::UserName& user) const;

    const policy::LoginRule* rule_;
    const policy::UserName* user_;
    policy::LoginRequest request_ = policy::LoginRequest::No;
    bool logout_ = false;
    bool sent_cookies_ = false;
    std::optional<policy::LoginForm> form_;
};

}  // namespace gateway
