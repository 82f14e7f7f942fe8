#include "policy/learn/logout.h"

#include <algorithm>
#include <array>

#include "policy/base/text.h"
#include "policy/learn/answer_match.h"
#include "policy/learn/cookie_lines.h"
#include "policy/learn/fields.h"
#include "policy/learn/request_shape.h"

namespace policy::learn {
namespace {

bool says_logout(std::string_view text) {
    static constexpr std::array<std::string_view, 8> kWords{
        "logout", "logoff", "signout", "signoff", "log_out", "log-out", "sign_out", "sign-out"};
    const auto lower = ascii_lower(text);
    return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
}

// The fields that say so, as globs: of a button only the name counts, its label is translated.
std::vector<NameValue> saying_logout(const std::vector<NameValue>& fields) {
    std::vector<NameValue> found;
    for (const auto& field : fields) {
        if (says_logout(field.name))
            found.push_back({field.name, "*"});
        else if (says_logout(field.value) && is_constant_word(field.value))
            found.push_back(field);
    }
    return found;
}

RequestShape shape_of(const RecordedRequest& request) {
    RequestShape shape;
    shape.path = split_target(request.target).path;
    shape.query = saying_logout(query_fields(request));
    shape.form = saying_logout(form_fields(request));
    if (request.method != "GET") shape.method = request.method;
    return shape;
}

bool is_logout(const RequestShape& shape) {
    return !shape.query.empty() || !shape.form.empty() || says_logout(shape.path);
}

bool is_used_before(const Recording& recording, const RequestShape& shape) {
    const auto& all = recording.exchanges;
    return std::any_of(all.begin(), all.end(), [&](const Exchange& exchange) {
        return exchange.step != Step::Logout && matches(shape, exchange.request);
    });
}

std::vector<const Exchange*> requests_in(const Recording& recording, Step step) {
    std::vector<const Exchange*> requests;
    for (const auto& exchange : recording.exchanges) {
        if (exchange.step == step && !is_static_resource(exchange)) requests.push_back(&exchange);
    }
    return requests;
}

const Exchange* find_request(const Recording& recording, LearnedLogin& login) {
    const auto requests = requests_in(recording, Step::Logout);
    for (const auto* each : requests) {
        if (!is_logout(shape_of(each->request))) continue;
        login.logout_remarks.emplace_back("The request says that it is a logout.");
        return each;
    }
    if (requests.empty()) {
        login.logout_remarks.emplace_back(
            "No logout was recorded, so no rule for it is written: "
            "sessions end by their limits only.");
        return nullptr;
    }
    login.logout_remarks.emplace_back(
        "No request of the logout says what it is; this one came "
        "first. Look at it.");
    return requests.front();
}

void take_request(const Recording& recording, LearnedLogin& login) {
    const auto* request = find_request(recording, login);
    if (!request) return;
    auto shape = shape_of(request->request);
    if (is_used_before(recording, shape)) {
        login.logout_remarks.emplace_back(
            "It was sent before the logout as well, so a rule for it "
            "would log out everybody; none is written.");
        return;
    }
    login.logout.push_back(std::move(shape));
}

// Whether an answer takes it away from somebody who is logged in and stays so.
bool ends_elsewhere(const Recording& recording, const Exchange& login, const std::string& name) {
    const auto& all = recording.exchanges;
    return std::any_of(all.begin(), all.end(), [&](const Exchange& exchange) {
        const bool is_in = &exchange >= &login && exchange.step != Step::Logout;
        const auto effects = cookie_effects(exchange.response);
        const auto* cookie = find_cookie(effects, name);
        return is_in && cookie && cookie->fate != CookieFate::Set;
    });
}

Condition end_of(const CookieLine& cookie, const LearnedLogin& login) {
    const auto& chosen = login.success.set_cookie;
    const auto glob =
        !chosen.empty() && matches_glob(chosen, cookie.name) ? chosen : cookie_glob(cookie.name);
    Condition condition;
    if (cookie.fate == CookieFate::Deleted)
        condition.deleted_cookie = glob;
    else
        condition.set_cookie = glob + "=" + cookie.value;
    return condition;
}

// The first cookie of the user that the logout takes away.
void take_answers(const Recording& recording, const LoginPair& pair, LearnedLogin& login) {
    const auto given = cookie_effects(pair.success->response);
    for (const auto* each : requests_in(recording, Step::Logout)) {
        const auto sent = sent_cookies(each->request);
        for (const auto& cookie : cookie_effects(each->response)) {
            const auto* value = find_value(sent, cookie.name);
            const bool is_login_cookie =
                find_cookie(given, cookie.name) || (value && !is_tombstone(*value));
            if (cookie.fate == CookieFate::Set || !is_login_cookie) continue;
            if (ends_elsewhere(recording, *pair.success, cookie.name)) continue;
            auto condition = end_of(cookie, login);
            const auto* way = cookie.fate == CookieFate::Deleted ? "deletes" : "empties";
            if (!login.logout_answers.empty()) continue;
            login.logout_remarks.push_back("Its answer " + std::string(way) + " `" + cookie.name +
                                           "`: whatever else does so is a logout too.");
            login.logout_answers.push_back(std::move(condition));
        }
    }
}

bool asks_same(const Exchange& left, const Exchange& right) {
    return left.request.method == right.request.method &&
           left.request.target == right.request.target;
}

// Whether users were served there, and no user ever got an answer like this.
bool is_for_strangers(const Recording& recording, const Exchange& stranger, const Condition& answer,
                      const std::string& page) {
    bool is_served = false;
    for (const auto* each : requests_in(recording, Step::Page)) {
        if (holds(answer, *each, page)) return false;
        is_served = is_served || (asks_same(*each, stranger) && each->response.status < 300);
    }
    return is_served;
}

}  // namespace

void find_logout(const Recording& recording, const LoginPair& pair, LearnedLogin& login) {
    if (pair.user.source == UserSource::Basic && requests_in(recording, Step::Logout).empty()) {
        login.logout_remarks.emplace_back(
            "Basic credentials know no logout: the browser sends them "
            "until it is closed.");
        return;
    }
    take_request(recording, login);
    take_answers(recording, pair, login);
    if (login.logout_answers.empty() && !login.logout.empty())
        login.logout_remarks.emplace_back(
            "Its answer deletes no cookie of the login, so only the "
            "request can tell.");
}

void find_lost(const Recording& recording, LearnedLogin& login) {
    std::vector<Condition> answers(2);
    answers[0].redirect = Redirect::LoginPage;
    answers[1].status = {401};
    for (const auto& exchange : recording.exchanges) {
        const bool is_stranger = exchange.step == Step::Visit || exchange.step == Step::Logout;
        if (!is_stranger || login.user.source == UserSource::Basic) continue;
        for (const auto& answer : answers) {
            if (!holds(answer, exchange, login.page)) continue;
            if (!is_for_strangers(recording, exchange, answer, login.page)) continue;
            login.lost = answer;
            login.lost_remarks.push_back("`" + split_target(exchange.request.target).path +
                                         "` is answered like this when nobody is logged in, and "
                                         "never was while somebody was.");
            return;
        }
    }
}

}  // namespace policy::learn
