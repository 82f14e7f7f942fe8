#include "policy/learn/answer_match.h"

#include "policy/answer_match.h"
#include "policy/base/text.h"
#include "policy/intake.h"
#include "policy/learn/cookie_lines.h"
#include "policy/learn/fields.h"

namespace policy::learn {
namespace {

using GateRedirect = ResponsePattern::Redirect;
using BodyState = AnswerBody::State;

CookieGlob cookie_glob_of(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return {std::string(text), "*"};
    return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

std::vector<NamedGlob> globs_of(const std::vector<NameValue>& wanted) {
    std::vector<NamedGlob> globs;
    for (const auto& [name, value] : wanted) globs.push_back({name, value});
    return globs;
}

ResponsePattern pattern_of(const Condition& condition) {
    ResponsePattern pattern;
    pattern.status = condition.status;
    if (condition.redirect)
        pattern.redirect = *condition.redirect == Redirect::LoginPage ? GateRedirect::LoginPage
                                                                      : GateRedirect::Elsewhere;
    if (!condition.location.empty()) pattern.location = condition.location;
    if (!condition.set_cookie.empty()) pattern.set = cookie_glob_of(condition.set_cookie);
    if (!condition.deleted_cookie.empty()) pattern.deleted = condition.deleted_cookie;
    pattern.headers = globs_of(condition.headers);
    pattern.json = globs_of(condition.json);
    if (!condition.body.empty()) pattern.body = condition.body;
    if (!condition.without_body.empty()) pattern.none.emplace_back().body = condition.without_body;
    return pattern;
}

AnswerBody body_of(const Body& body) {
    if (body.omitted) return {};
    return {body.truncated ? BodyState::Begun : BodyState::Whole, body.text};
}

// A recorded answer as the gateway will see it: redirects within the application are such on our
// own host, whatever it was called when it was recorded.
class SeenAnswer {
public:
    explicit SeenAnswer(const Exchange& exchange) {
        if (const auto location = location_of(exchange)) location_ = target_text(*location);
        for (const auto& [name, value] : exchange.response.headers) {
            fields_.add(name, value);
            if (equals_ignoring_case(name, "Set-Cookie")) response_.set_cookies.push_back(value);
        }
        response_.status = exchange.response.status;
        response_.location = location_;
        response_.fields = &fields_;
        response_.body = body_of(exchange.response.body);
        now_ = date_of(exchange.response);
        head_.fields.add("Host", "application.invalid");
    }
    SeenAnswer(const SeenAnswer&) = delete;
    SeenAnswer& operator=(const SeenAnswer&) = delete;

    [[nodiscard]] Match match(const ResponsePattern& pattern, std::string_view page) const {
        const auto request = read_facts(head_, "/", IpAddress::v4({127, 0, 0, 1}));
        if (!request) return Match::Doubtful;
        return match_answer(pattern, {response_, *request, page, {}, now_});
    }

private:
    std::string location_;
    FieldList fields_;
    ResponseFacts response_;
    RequestHead head_;
    Instant now_{};
};

}  // namespace

std::optional<Redirect> redirect_of(const Exchange& exchange, std::string_view page) {
    const SeenAnswer answer(exchange);
    ResponsePattern pattern;
    pattern.redirect = GateRedirect::LoginPage;
    if (answer.match(pattern, page) == Match::Yes) return Redirect::LoginPage;
    pattern.redirect = GateRedirect::Elsewhere;
    if (answer.match(pattern, page) == Match::Yes) return Redirect::Elsewhere;
    return std::nullopt;
}

bool holds(const Condition& condition, const Exchange& exchange, std::string_view page) {
    if (condition.empty()) return false;
    return SeenAnswer(exchange).match(pattern_of(condition), page) == Match::Yes;
}

}  // namespace policy::learn
