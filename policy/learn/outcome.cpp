#include "policy/learn/outcome.h"

#include <algorithm>
#include <set>

#include "policy/learn/answer_match.h"
#include "policy/learn/body_signals.h"
#include "policy/learn/fields.h"
#include "policy/learn/head_signals.h"

namespace policy::learn {
namespace {

constexpr std::size_t kUsualBodyLimit = std::size_t{64} * 1024;

// One condition of the parts of both.
void merge(Condition& into, const Condition& from) {
    if (!from.status.empty()) into.status = from.status;
    if (from.redirect) into.redirect = from.redirect;
    if (!from.location.empty()) into.location = from.location;
    if (!from.set_cookie.empty()) into.set_cookie = from.set_cookie;
    if (!from.headers.empty()) into.headers = from.headers;
    if (!from.json.empty()) into.json = from.json;
    if (!from.body.empty()) into.body = from.body;
}

Responses responses_of(const std::vector<const Exchange*>& exchanges) {
    Responses responses;
    for (const auto* each : exchanges) responses.push_back(&each->response);
    return responses;
}

Responses responses_in(const Recording& recording, Step step) {
    Responses responses;
    for (const auto& exchange : recording.exchanges) {
        if (exchange.step == step && !is_static_resource(exchange))
            responses.push_back(&exchange.response);
    }
    return responses;
}

Responses joined(Responses left, const Responses& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

// The first request behind `exchange` in its step that the browser made by itself: to where it was
// redirected, else the next page.
const Exchange* next_page(const Recording& recording, const Exchange& exchange) {
    const auto wanted = location_of(exchange);
    const Exchange* first = nullptr;
    const auto* end = recording.exchanges.data() + recording.exchanges.size();
    for (const auto* next = &exchange + 1; next != end && next->step == exchange.step; ++next) {
        if (next->request.method != "GET" || is_static_resource(*next)) continue;
        const auto target = split_target(next->request.target);
        if (wanted && target_text(target) == target_text(*wanted)) return next;
        if (!first) first = next;
    }
    return first;
}

class OutcomeFinder {
public:
    OutcomeFinder(const Recording& recording, const LoginPair& pair, LearnedLogin& login)
        : recording_(recording), pair_(pair), login_(login) {}

    [[nodiscard]] bool find() {
        if (pair_.user.source == UserSource::Basic) return find_basic();
        return find_in_heads() || find_in_bodies() || find_in_next_page();
    }

private:
    // Whatever a backend answers with but 401 comes after it had looked at the password, or instead
    // of that: only what was seen is believed.
    bool find_basic() {
        std::set<int> statuses;
        for (const auto& exchange : recording_.exchanges) {
            const auto user = value_at(pair_.user, exchange.request);
            const int status = exchange.response.status;
            const bool is_login = exchange.step == Step::Login || exchange.step == Step::Page;
            if (is_login && user == recording_.user && status < 400) statuses.insert(status);
        }
        for (const auto* failure : pair_.failures) statuses.erase(failure->response.status);
        if (statuses.empty()) return false;
        login_.success.status.assign(statuses.begin(), statuses.end());
        login_.failure.emplace().status = {pair_.failure().response.status};
        login_.outcome_remarks.emplace_back(
            "A wrong password is answered with the status under `failure`, a right one with those "
            "under `success`. Others say nothing about the password and are not counted.");
        return true;
    }

    bool find_in_heads() {
        const auto signals = head_signals(pair_, login_.page, login_.outcome_remarks);
        const auto alone = std::find_if(signals.begin(), signals.end(), [](const Signal& signal) {
            return signal.strength == Signal::Strength::Alone;
        });
        weak_ = signals;
        if (alone == signals.end()) return false;
        Remarks why{alone->why};
        merge(login_.success, alone->condition);
        for (const auto& signal : signals) {
            if (&signal == &*alone) continue;
            merge(login_.success, signal.condition);
            why.push_back(signal.why);
            break;  // Two are enough; more of them only make rules that miss logins.
        }
        say_first(std::move(why));
        return true;
    }

    bool find_in_bodies() {
        const Responses yes{&pair_.success->response};
        const auto no = responses_of(pair_.failures);
        if (const auto scalar = json_signal(yes, no)) {
            login_.success.json = {*scalar};
            say_first({"The JSON scalar `" + scalar->name + "` tells a login from a failure."});
        } else if (!find_in_texts(yes, no)) {
            return false;
        }
        if (!weak_.empty()) {
            merge(login_.success, weak_[0].condition);
            say_first({weak_[0].why});
        }
        return true;
    }

    bool find_in_texts(const Responses& yes, const Responses& no) {
        const auto before = responses_in(recording_, Step::Visit);
        const auto& user = recording_.user;
        const auto good = body_signal(yes, joined(no, before), Meaning::Success, user);
        const auto bad = body_signal(no, joined(yes, responses_in(recording_, Step::Page)),
                                     Meaning::Failure, user);
        if (good.empty() && bad.empty()) return false;
        login_.success.body = good;
        if (good.empty()) login_.success.without_body = bad;
        if (!good.empty() && !bad.empty()) login_.failure.emplace().body = bad;
        raise_body_limit(good, *yes[0]);
        raise_body_limit(bad, *no[0]);
        say_first(
            {"Only the text of the page tells a login from a failure. That is the weakest of "
             "signs: it changes with language and version."});
        return true;
    }

    bool find_in_next_page() {
        const auto* failed = next_page(recording_, pair_.failure());
        const auto* done = next_page(recording_, *pair_.success);
        if (!failed || !done) return false;
        Confirmation confirm;
        const Responses yes{&done->response};
        const Responses no{&failed->response};
        if (done->response.status != failed->response.status) {
            confirm.success.status = {done->response.status};
            confirm.remarks.push_back(
                "The next page is answered with " + std::to_string(done->response.status) +
                " after a login and with " + std::to_string(failed->response.status) +
                " after a failure.");
        } else {
            confirm.success.body = body_signal(yes, no, Meaning::Success, recording_.user);
            raise_body_limit(confirm.success.body, *yes[0]);
            confirm.remarks.emplace_back("Only the text of the next page tells a login.");
        }
        if (confirm.success.empty()) return false;
        if (!find_header(pair_.success->response.headers, "Location"))
            confirm.when = shape_of(*done);
        login_.success.status = {pair_.success->response.status};
        login_.confirm = std::move(confirm);
        say_first(
            {"A failed login is answered just as a successful one. So `success` says only "
             "that an answer came; the next request confirms it."});
        return true;
    }

    static RequestShape shape_of(const Exchange& exchange) {
        RequestShape shape;
        shape.method = exchange.request.method;
        shape.path = split_target(exchange.request.target).path;
        return shape;
    }

    void raise_body_limit(const std::string& piece, const RecordedResponse& response) {
        const auto at = response.body.text.find(piece);
        if (piece.empty() || at == std::string::npos) return;
        const auto end = at + piece.size();
        std::size_t limit = kUsualBodyLimit;
        while (limit < 2 * end && limit < 16 * kUsualBodyLimit) limit *= 2;
        if (end > kUsualBodyLimit / 2) login_.body_limit = std::max(login_.body_limit, limit);
    }

    void say_first(Remarks why) {
        auto& remarks = login_.outcome_remarks;
        remarks.insert(remarks.begin(), why.begin(), why.end());
    }

    const Recording& recording_;
    const LoginPair& pair_;
    LearnedLogin& login_;
    std::vector<Signal> weak_;
};

}  // namespace

void find_outcome(const Recording& recording, const LoginPair& pair, LearnedLogin& login,
                  Remarks& missing) {
    if (OutcomeFinder(recording, pair, login).find()) return;
    login.success = {};
    missing.emplace_back(
        "Nothing in the recording tells a successful login from a failed one: the "
        "answers are alike, and so are the pages that follow. A rule that guessed "
        "would log in whoever fails, so none is written.");
}

}  // namespace policy::learn
