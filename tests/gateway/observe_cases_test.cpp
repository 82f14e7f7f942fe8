// The table in tests/cases/observe.txt: rules as they stand in a policy file, exchanges as they
// pass through the gateway, and what they mean.

#include <gtest/gtest.h>

#include "config/load.h"
#include "gateway/login_watch.h"
#include "policy/http/head_reader.h"
#include "policy/intake.h"
#include "tests/support/case_file.h"
#include "tests/support/policy_folder.h"
#include "tests/support/policy_parts.h"

namespace gateway {
namespace {

using support::Case;
using OutcomeKind = policy::LoginOutcome::Kind;
using BodyState = policy::AnswerBody::State;

std::shared_ptr<const policy::LoginRule> rule_of(const Case& each) {
    const support::PolicyFolder folder;
    const auto policy =
        "version: 1\n"
        "listeners: [ { address: \"127.0.0.1:0\", tls: { certificate: tls.pem, key: tls.key } } ]\n"
        "session: { keys: [ { id: k1, file: session.key } ] }\n"
        "backends: { app: { servers: [ \"http://127.0.0.1:9000\" ] } }\n"
        "routes: [ { host: app.test, backend: app, login: form,"
        " paths: [ { prefix: /, require: nothing } ] } ]\n"
        "logins: { form: { " +
        each.text("rule") + " } }\n";
    const auto settings = config::load_text(policy, folder.file("policy.yaml"));
    if (!settings) throw std::runtime_error(config::to_string(settings.error().front()));
    const auto head = support::head(policy::Method::Get, "/");
    const auto facts = support::facts(head);
    return (*(*settings)->routes.find(facts.host, facts.target))->login;
}

// Texts that the views of an exchange point into.
struct Texts {
    explicit Texts(const Case& each)
        : request(each.text("request") + " HTTP/1.1\r\nHost: app.test\r\n" +
                  lines("Content-Type: ", each.text("type")) + each.text("header") + "\r\n"),
          answer("HTTP/1.1 " + (each.has("status") ? each.text("status") : "200") + " X\r\n" +
                 lines("Location: ", each.text("location")) +
                 lines("Set-Cookie: ", each.text("set-cookie")) + each.text("field") + "\r\n"),
          answer_body(each.text("answer")),
          sent(each.text("cookies sent")) {}

    // One field for each line.
    static std::string lines(std::string_view name, std::string_view text) {
        std::string fields;
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            fields.append(name).append(text.substr(0, end)).append("\r\n");
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return fields;
    }

    std::string request;
    std::string answer;
    std::string answer_body;
    std::string sent;
};

BodyState state_of(const std::string& word) {
    if (word == "begun") return BodyState::Begun;
    if (word == "encoded") return BodyState::Encoded;
    return word == "cut off" ? BodyState::CutOff : BodyState::Whole;
}

std::string name_of(const policy::Identity& identity) {
    std::string text = identity.user.text();
    for (const auto& group : identity.groups) text += " +" + group;
    return text;
}

std::string text_of(const policy::SessionEvent& event) {
    if (const auto* login = std::get_if<policy::LoggedIn>(&event))
        return "login " + name_of(login->identity);
    if (const auto* login = std::get_if<policy::LoginPending>(&event))
        return "pending " + name_of(login->login.identity) + " until " + login->login.target;
    if (const auto* login = std::get_if<policy::LoginConfirmed>(&event))
        return "confirmed " + name_of(login->identity);
    if (std::holds_alternative<policy::LoginRefuted>(event)) return "refuted";
    if (std::holds_alternative<policy::LoggedOut>(event)) return "logout";
    if (std::holds_alternative<policy::Demoted>(event)) return "demoted";
    if (const auto* changed = std::get_if<policy::PrivilegeChanged>(&event))
        return changed->user ? "changed to " + changed->user->text() : "changed";
    return "end";
}

std::string text_of(const LoginWatch::Outcome& outcome) {
    if (const auto* question = outcome.question()) return "ask " + question->target;
    std::string text = outcome.event ? text_of(*outcome.event) : "";
    if (!outcome.login) return text.empty() ? "nothing" : text;
    const auto& login = *outcome.login;
    if (login.kind == OutcomeKind::Failure)
        text += (text.empty() ? "failure " : ", failure ") +
                (login.user ? login.user->text() : "of nobody");
    if (login.kind == OutcomeKind::Unclassified)
        text += (text.empty() ? "unclassified " : ", unclassified ") + std::string(login.why);
    return text;
}

class Observing {
public:
    explicit Observing(const Case& each) : each_(each), texts_(each), rule_(rule_of(each)) {
        static_cast<void>(policy::read_request_head(texts_.request, {}, head_));
        static_cast<void>(policy::read_response_head(texts_.answer, {}, answer_head_));
        facts_.emplace(support::facts(head_));
        user_ = policy::UserName(each.text("user in session"));
        if (!user_.empty()) session_.user = &user_;
        session_.login = "form";
        pending_.identity = {
            policy::UserName(each.text("pending user")), policy::LoginName("form"), {}};
        pending_.target = each.text("pending target");
        pending_.until = support::kNow + std::chrono::seconds(each.has("pending over") ? 0 : 1);
        if (each.has("pending user")) session_.pending = &pending_;
    }

    std::string outcome() {
        LoginWatch watch(rule_.get(), *facts_, session_);
        watch.feed(each_.text("body"));
        if (!each_.has("body is open")) watch.finish();
        const bool withheld = watch.withholds_cookies();
        std::string text = text_of(watch.observe(answer(watch.reads_answer())));
        return withheld ? "without cookies: " + text : text;
    }

    std::string silence() {
        LoginWatch watch(rule_.get(), *facts_, session_);
        watch.feed(each_.text("body"));
        if (!each_.has("body is open")) watch.finish();
        static_cast<void>(watch.withholds_cookies());
        return text_of(watch.observe_silence());
    }

private:
    LoginWatch::Answer answer(bool reads_body) {
        LoginWatch::Answer answer{{}, texts_.sent, support::kNow, {}};
        auto& response = answer.response;
        response.status = answer_head_.status;
        response.fields = &answer_head_.fields;
        for (const auto& [name, value] : answer_head_.fields) {
            if (name == "Location") response.location = value;
            if (name == "Set-Cookie") response.set_cookies.push_back(value);
        }
        if (reads_body) response.body = {state_of(each_.text("came")), texts_.answer_body};
        if (!each_.has("asked")) return answer;
        asked_.target = "/me";
        asked_.status = std::stoi(each_.text("asked"));
        asked_.fields.add("Content-Type", "application/json");
        asked_text_ = each_.text("told");
        asked_.body = {BodyState::Whole, asked_text_};
        answer.asked = {&asked_, 1};
        return answer;
    }

    const Case& each_;
    Texts texts_;
    std::shared_ptr<const policy::LoginRule> rule_;
    policy::RequestHead head_;
    policy::ResponseHead answer_head_;
    std::optional<policy::RequestFacts> facts_;
    policy::UserName user_;
    policy::PendingLogin pending_;
    policy::SessionFacts session_;
    policy::AskedAnswer asked_;
    std::string asked_text_;
};

class ObservedExchange : public testing::TestWithParam<Case> {};

TEST_P(ObservedExchange, MeansWhatTheTableSays) {
    const auto& each = GetParam();
    Observing observing(each);

    EXPECT_EQ(each.has("silence") ? observing.silence() : observing.outcome(), each.text("means"))
        << each;
}

INSTANTIATE_TEST_SUITE_P(Observe, ObservedExchange,
                         testing::ValuesIn(support::read_cases("observe.txt")));

}  // namespace
}  // namespace gateway
