// What was learned means to the gateway what it meant to the learner: each policy beside a
// recording in tests/cases/recordings is obeyed by the real thing, exchange by exchange.

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "config/load.h"
#include "gateway/login_watch.h"
#include "policy/base/text.h"
#include "policy/intake.h"
#include "policy/learn/recording_text.h"
#include "tests/support/policy_folder.h"
#include "tests/support/policy_parts.h"

namespace gateway {
namespace {

using policy::learn::Exchange;
using policy::learn::Recording;
using policy::learn::Step;
using OutcomeKind = policy::LoginOutcome::Kind;

std::string text_of(const std::string& file) {
    std::ifstream stream(std::string(SALLYPORT_CASES) + "/recordings/" + file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// Of the route that serves `target` of the recording's host.
std::shared_ptr<const policy::LoginRule> rule_of(const std::string& name, const std::string& host,
                                                 std::string_view target) {
    const support::PolicyFolder folder;
    const auto settings = config::load_text(text_of(name + ".yaml"), folder.file("policy.yaml"));
    if (!settings) throw std::runtime_error(config::to_string(settings.error().front()));
    const auto authority = policy::parse_authority(host).value();
    const auto parsed = policy::parse_target(target).value();
    return (*(*settings)->routes.find(authority.host, parsed))->login;
}

// Follows a recording as the gateway would have seen it, with the session that comes of it.
class Replay {
public:
    explicit Replay(std::shared_ptr<const policy::LoginRule> rule) : rule_(std::move(rule)) {}

    LoginWatch::Outcome pass(const Exchange& exchange) {
        policy::RequestHead head;
        head.method = *policy::parse_method(exchange.request.method);
        head.target = exchange.request.target;
        bool has_host = false;
        for (const auto& [name, value] : exchange.request.headers) {
            has_host = has_host || policy::equals_ignoring_case(name, "Host");
            head.fields.add(name, value);
        }
        if (!has_host) head.fields.add("Host", "app.test");
        const auto facts =
            policy::read_facts(head, head.target, support::address("192.0.2.7")).value();

        LoginWatch watch(rule_.get(), facts, session_);
        watch.feed(exchange.request.body.text);
        watch.finish();
        static_cast<void>(watch.withholds_cookies());
        auto outcome = watch.observe(answer_of(exchange));
        remember(outcome);
        return outcome;
    }

    [[nodiscard]] bool is_in() const { return session_.user != nullptr; }

private:
    LoginWatch::Answer answer_of(const Exchange& exchange) {
        fields_.clear();
        LoginWatch::Answer answer{{}, {}, support::kNow, {}};
        answer.response.status = exchange.response.status;
        for (const auto& [name, value] : exchange.response.headers) {
            fields_.add(name, value);
            if (policy::equals_ignoring_case(name, "Location")) answer.response.location = value;
            if (policy::equals_ignoring_case(name, "Set-Cookie"))
                answer.response.set_cookies.push_back(value);
        }
        answer.response.fields = &fields_;
        answer.response.body = {policy::AnswerBody::State::Whole, exchange.response.body.text};
        return answer;
    }

    void remember(const LoginWatch::Outcome& outcome) {
        if (!outcome.event) return;
        if (const auto* login = std::get_if<policy::LoggedIn>(&*outcome.event))
            enter(login->identity);
        if (const auto* login = std::get_if<policy::LoginConfirmed>(&*outcome.event))
            enter(login->identity);
        if (const auto* login = std::get_if<policy::LoginPending>(&*outcome.event)) {
            leave();
            pending_ = login->login;
            session_.pending = &pending_;
        }
        if (std::holds_alternative<policy::LoginRefuted>(*outcome.event))
            session_.pending = nullptr;
        if (std::holds_alternative<policy::LoggedOut>(*outcome.event)) leave();
    }

    void enter(const policy::Identity& identity) {
        user_ = identity.user;
        session_.user = &user_;
        session_.login = rule_->name.text();
        session_.pending = nullptr;
    }
    void leave() { session_ = {}; }

    std::shared_ptr<const policy::LoginRule> rule_;
    policy::FieldList fields_;
    policy::UserName user_;
    policy::PendingLogin pending_;
    policy::SessionFacts session_;
};

class LearnedRules : public testing::TestWithParam<const char*> {};

TEST_P(LearnedRules, TellWhatTheirRecordingShows) {
    const auto recording =
        policy::learn::read_recording(text_of(std::string(GetParam()) + ".jsonl"));
    ASSERT_TRUE(recording);
    const auto& first = recording->exchanges.front().request.target;
    const auto& host = recording->host.empty() ? "app.example.org" : recording->host;
    Replay replay(rule_of(GetParam(), host, first));
    bool was_in = false;
    int failures = 0;

    for (const auto& exchange : recording->exchanges) {
        const auto outcome = replay.pass(exchange);

        const auto what = exchange.request.method + " " + exchange.request.target;
        if (outcome.login) {
            EXPECT_NE(outcome.login->kind, OutcomeKind::Unclassified)
                << what << ": " << outcome.login->why;
            failures += outcome.login->kind == OutcomeKind::Failure ? 1 : 0;
        }
        if (exchange.step == Step::Visit || exchange.step == Step::Fail) {
            EXPECT_FALSE(replay.is_in()) << what;
        }
        if (exchange.step == Step::Page) {
            EXPECT_TRUE(replay.is_in()) << what;
        }
        was_in = was_in || replay.is_in();
    }

    EXPECT_TRUE(was_in);
    EXPECT_GE(failures, 1);
    const bool logs_out = recording->exchanges.back().step == Step::Logout;
    EXPECT_EQ(replay.is_in(), !logs_out);
}

INSTANTIATE_TEST_SUITE_P(Recordings, LearnedRules,
                         testing::Values("adminer", "dokuwiki", "express_form", "express_json",
                                         "no_logout", "phpmyadmin", "portal_text", "tomcat_form",
                                         "tomcat_manager"));

}  // namespace
}  // namespace gateway
