#pragma once

// Follows one exchange with a backend whose login is observed: is this request a login or a
// logout, what stands in its form, what did the answer mean? The rules are policy's (observe.h);
// this keeps the form that streams by.

#include <memory>
#include <optional>
#include <string_view>

#include "policy/observe.h"
#include "policy/session_event.h"

namespace gateway {

class LoginWatch {
public:
    // `rule` is null for routes without an observed login, and then nothing is one.
    LoginWatch(const policy::LoginRule* rule, const policy::RequestFacts& request,
               std::string_view content_type);

    // The body must pass through feed(), and finish() must follow its end.
    [[nodiscard]] bool reads_body() const { return form_.has_value(); }
    void feed(std::string_view bytes);
    void finish();

    // The body should be read before anything is sent, because what is sent depends on it.
    [[nodiscard]] bool decides_on_body() const;

    // The request is a login, as far as it is known now, and must not carry the vault's cookies.
    [[nodiscard]] bool withholds_cookies() const;

    // What the answer means: for the session, and for the audit when the request was a login.
    struct Outcome {
        std::optional<policy::SessionEvent> event;
        std::optional<policy::LoginOutcome> login;
    };
    [[nodiscard]] Outcome observe(const policy::ResponseFacts& response, policy::Instant now) const;

private:
    // Nothing while the form may still go either way.
    [[nodiscard]] std::optional<bool> is_login() const;

    const policy::LoginRule* rule_;
    policy::LoginRequest request_ = policy::LoginRequest::No;
    bool logout_ = false;
    std::optional<policy::FormScanner> form_;
};

}  // namespace gateway
