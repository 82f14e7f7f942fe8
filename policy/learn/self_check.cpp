#include "policy/learn/self_check.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/learn/answer_match.h"
#include "policy/learn/fields.h"
#include "policy/learn/find_login.h"
#include "policy/learn/request_shape.h"

namespace policy::learn {
namespace {

enum class Verdict : std::uint8_t { Nothing, Success, Failure, Unclear };

bool is_login(const LearnedLogin& login, const RecordedRequest& request) {
    return std::any_of(login.when.begin(), login.when.end(),
                       [&](const RequestShape& shape) { return matches(shape, request); });
}

Verdict judge(bool success, bool failure) {
    if (success == failure) return Verdict::Unclear;
    return success ? Verdict::Success : Verdict::Failure;
}

class Checker {
public:
    Checker(const LearnedLogin& login, const Recording& recording)
        : login_(login), recording_(recording) {}

    Remarks check() {
        for (std::size_t i = 0; i < recording_.exchanges.size(); ++i) check(i);
        if (!logs_in_) say("no request of the recording would be a login of the user");
        return std::move(wrong_);
    }

private:
    void say(std::string sentence) { wrong_.push_back(std::move(sentence)); }

    [[nodiscard]] Verdict verdict(std::size_t index) const {
        const auto& exchange = recording_.exchanges[index];
        if (!is_login(login_, exchange.request)) return Verdict::Nothing;
        const bool success = holds(login_.success, exchange, login_.page);
        if (login_.confirm && success) return confirmed(index);
        return judge(success,
                     login_.failure ? holds(*login_.failure, exchange, login_.page) : !success);
    }

    [[nodiscard]] Verdict confirmed(std::size_t index) const {
        const auto location = location_of(recording_.exchanges[index]);
        for (auto next = index + 1; next < recording_.exchanges.size(); ++next) {
            const auto& exchange = recording_.exchanges[next];
            const auto& request = exchange.request;
            const bool is_it =
                login_.confirm->when
                    ? matches(*login_.confirm->when, request)
                    : request.method == "GET" && location &&
                          target_text(split_target(request.target)) == target_text(*location);
            if (!is_it) continue;
            const bool success = holds(login_.confirm->success, exchange, login_.page);
            return judge(success, !success);
        }
        return Verdict::Unclear;
    }

    // Whether the person meant this exchange as an attempt to log in.
    [[nodiscard]] bool names_user(const Exchange& exchange) const {
        const auto user = value_at(login_.user, exchange.request);
        return user && equals_ignoring_case(*user, recording_.user);
    }

    void check(std::size_t index) {
        const auto& exchange = recording_.exchanges[index];
        const auto found = verdict(index);
        const auto what = exchange.request.method + " " +
                          split_target(exchange.request.target).path + " of the step `" +
                          std::string(name(exchange.step)) + "`";
        if (found == Verdict::Success && exchange.step == Step::Fail)
            say(what + " failed, and would be a login");
        if (found == Verdict::Success && exchange.step == Step::Login) {
            logs_in_ = true;
            if (!names_user(exchange)) say(what + " would log in somebody else");
        }
        if (found == Verdict::Unclear && login_.user.source != UserSource::Basic)
            say(what + " would be neither a login nor a failure");
        if (found == Verdict::Nothing && exchange.step == Step::Fail && names_user(exchange) &&
            login_.user.source != UserSource::Basic)
            say(what + " failed, and would not be counted");
        const bool is_outside = exchange.step != Step::Fail && exchange.step != Step::Login;
        if (is_outside && found != Verdict::Nothing && login_.user.source != UserSource::Basic)
            say(what + " is no login, and would be taken for one");
        check_logout(exchange, what);
    }

    void check_logout(const Exchange& exchange, const std::string& what) {
        if (exchange.step == Step::Logout || exchange.step == Step::Fail) return;
        const bool asks = std::any_of(
            login_.logout.begin(), login_.logout.end(),
            [&](const RequestShape& shape) { return matches(shape, exchange.request); });
        const bool ends =
            std::any_of(login_.logout_answers.begin(), login_.logout_answers.end(),
                        [&](const Condition& each) { return holds(each, exchange, login_.page); });
        if (asks || (ends && logs_in_)) say(what + " is no logout, and would be taken for one");
    }

    const LearnedLogin& login_;
    const Recording& recording_;
    Remarks wrong_;
    bool logs_in_ = false;
};

}  // namespace

Remarks self_check(const LearnedLogin& login, const Recording& recording) {
    return Checker(login, recording).check();
}

}  // namespace policy::learn
