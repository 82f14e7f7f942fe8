#pragma once

// Follows one exchange with a backend whose login is observed: is this request a login, a logout
// or a change of privileges, what stands in its body, what did the answer mean? The rules are
// policy's (observe.h); this keeps the form that streams by, and knows what the backend was sent.
//
// What is not understood must not leave a session behind that the backend may have logged in:
// the session ends (ROT-001), and whoever asked begins anew.

#include <optional>
#include <span>
#include <string_view>

#include "policy/observe.h"
#include "policy/request_match.h"
#include "policy/session_event.h"

namespace gateway {

class LoginWatch {
public:
    // `rule` is null for routes without an observed login, and then nothing is one. All three
    // outlive this.
    LoginWatch(const policy::LoginRule* rule, const policy::RequestFacts& request,
               const policy::SessionFacts& session);

    // The body must pass through feed(), and finish() must follow its end.
    void feed(std::string_view bytes);
    void finish();

    // The body should be read before anything is sent, because what is sent depends on it.
    [[nodiscard]] bool decides_on_body() const;

    // Asked once, when the request is built: whether it must go without the vault's cookies.
    [[nodiscard]] bool withholds_cookies();

    // Whether the answer's body may matter, as far as is known now: then it must not come
    // compressed, and as much of it as the rule's body_limit must be there before observe().
    [[nodiscard]] bool reads_answer() const;

    // Whether somebody may be let in by the answer: then it must be made for this very request,
    // and be all of it.
    [[nodiscard]] bool lets_in() const;

    // What came back.
    struct Answer {
        policy::ResponseFacts response;
        std::string_view sent_cookies;  // The Cookie field that the backend was sent.
        policy::Instant now;
        std::span<const policy::AskedAnswer> asked;  // Of questions that were put already.
    };

    // The same, when the head of the answer is there.
    [[nodiscard]] bool reads_answer(const Answer& head) const;

    // What the answer means: for the session, and for the audit when the request was a login.
    struct Outcome {
        std::optional<policy::SessionEvent> event;
        std::optional<policy::LoginOutcome> login;

        // The backend's cookies of this answer must not be kept.
        [[nodiscard]] bool ends_session() const;
        // What the backend has to be asked before the answer can be understood: put it, and
        // observe again. Null when there is nothing to ask.
        [[nodiscard]] const policy::AskSource* question() const;
    };
    [[nodiscard]] Outcome observe(const Answer& answer) const;

    // The request was sent, and no answer came: it may have had its effect all the same.
    [[nodiscard]] Outcome observe_silence() const;

    // What becomes of the vault's cookies when this is a login that succeeds.
    [[nodiscard]] policy::OldCookies old_cookies() const;

private:
    using Verdict = policy::RequestVerdict;

    [[nodiscard]] Verdict login() const;
    [[nodiscard]] Verdict judge(const policy::RequestPattern& pattern) const;
    [[nodiscard]] bool withholds() const;
    [[nodiscard]] bool may_be_unknown_door() const;
    [[nodiscard]] bool is_known_user() const;
    [[nodiscard]] bool confirms() const;
    [[nodiscard]] policy::AnswerView view(const Answer& answer) const;
    [[nodiscard]] policy::Evidence evidence(const Answer& answer) const;

    [[nodiscard]] Outcome doubt(std::string_view why) const;
    [[nodiscard]] Outcome guess(std::string_view why) const;
    [[nodiscard]] Outcome observe_request(const Answer& answer) const;
    [[nodiscard]] Outcome observe_unclear(const Answer& answer, Verdict seen) const;
    [[nodiscard]] Outcome observe_login(const Answer& answer) const;
    [[nodiscard]] Outcome observe_confirmation(const Answer& answer) const;
    [[nodiscard]] Outcome observe_changes(const Answer& answer) const;
    [[nodiscard]] Outcome observe_loss(const Answer& answer) const;
    [[nodiscard]] bool logs_out(const Answer& answer) const;
    [[nodiscard]] policy::SessionEvent arrival(const policy::LoginOutcome& login,
                                               const Answer& answer) const;
    [[nodiscard]] std::string_view doubt_about(const policy::UserName& user) const;

    const policy::LoginRule* rule_;
    const policy::RequestFacts& request_;
    const policy::SessionFacts& session_;
    bool sent_cookies_ = false;
    std::optional<policy::LoginForm> form_;
};

}  // namespace gateway
