// What an exchange does for logins that its answer's head alone does not tell of.

#include "gateway/exchange.h"
#include "tests/gateway/exchange_fixture.h"

namespace gateway {
namespace {

using policy::Method;

struct ExchangeLogin : ExchangeTest {
    policy::LoginRule rule = support::form_login();

    void obey() {
        auto open = support::public_route();
        open.login = std::make_shared<policy::LoginRule>(rule);
        auto closed = open;
        closed.path.text = "/private";
        closed.require.who = policy::Requirement::Who::AnyUser;
        routes = policy::RouteTable({closed, open});
    }

    FakeClient post_login(std::string_view form = "do=login&user=ada") {
        return ask(Method::Post, "/login", form);
    }

    bool is_in() {
        backend.answers = {FakeAnswer{200, {}, "hello"}};
        return ask(Method::Get, "/private").status == 200;
    }
};

struct BodyLogin : ExchangeLogin {
    BodyLogin() {
        rule.success = {};
        rule.success.body = "Welcome";
        obey();
    }
};

TEST_F(BodyLogin, IsSeenInTheAnswersBodyWhichArrivesUnchanged) {
    const auto page = std::string(70'000, 'x');
    backend.answers = {FakeAnswer{200, {}, "<p>Welcome" + page}};

    const auto client = post_login();

    EXPECT_TRUE(client.answer.ends_with("<p>Welcome" + page));
    EXPECT_TRUE(client.finished);
    EXPECT_TRUE(is_in());
}

TEST_F(BodyLogin, AsksForAnAnswerThatCanBeRead) {
    ask(Method::Get, "/page");
    EXPECT_EQ(backend.requests.back().find("Accept-Encoding"), std::string::npos);

    post_login();

    EXPECT_NE(backend.requests.back().find("Accept-Encoding: identity\r\n"), std::string::npos);
}

TEST_F(BodyLogin, IsNotBelievedInACompressedAnswer) {
    backend.answers = {FakeAnswer{200, {{"Content-Encoding", "gzip"}}, "Welcome"}};

    const auto client = post_login();

    EXPECT_EQ(client.status, 200);
    EXPECT_TRUE(client.answer.ends_with("Welcome"));
    EXPECT_FALSE(is_in());
    EXPECT_EQ(count(audit_text(), "\"why\":\"answer_encoded\""), 1U);
}

TEST_F(BodyLogin, IsNotBelievedInAnAnswerThatWasCutOff) {
    backend.answers = {FakeAnswer{200, {{"Set-Cookie", "SID=1"}}, "<p>Wel", false, true}};

    const auto client = post_login();

    EXPECT_FALSE(client.finished) << "a cut answer must look cut";
    EXPECT_FALSE(is_in());
    EXPECT_EQ(count(audit_text(), "\"why\":\"answer_cut_off\""), 1U);
}

TEST_F(BodyLogin, IsNotBelievedWhenTheTextMayStandBehindWhatIsRead) {
    rule.body_limit = 4;
    obey();
    backend.answers = {FakeAnswer{200, {}, "<p>Wel"}};

    post_login();

    EXPECT_FALSE(is_in());
    EXPECT_EQ(count(audit_text(), "\"why\":\"answer_too_long\""), 1U);
}

struct AskedLogin : ExchangeLogin {
    AskedLogin() {
        policy::AnswerSource json{policy::AnswerSource::Part::Json, "/name", std::nullopt};
        rule.user = {policy::AskSource{"/me?x=1", json}};
        json.name = "/roles";
        rule.groups.sources = {policy::AskSource{"/me?x=1", json}};
        obey();
        cookie.clear();
    }

    static FakeAnswer accepted() { return {302, {{"Set-Cookie", "SID=fresh"}}, ""}; }
};

TEST_F(AskedLogin, AsksOnceWithTheNewCookiesAndNothingOfOurs) {
    backend.answers = {FakeAnswer{200, {{"Set-Cookie", "SID=planted"}}, ""}};
    ask(Method::Get, "/page");
    backend.answers = {accepted(),
                       FakeAnswer{200, {}, "{\"name\":\"ada\",\"roles\":[\"admins\",\"staff\"]}"}};
    const auto before = backend.requests.size();

    post_login();

    ASSERT_EQ(backend.requests.size(), before + 2);
    const auto& question = backend.requests.back();
    EXPECT_TRUE(question.starts_with("GET /me?x=1 HTTP/1.1\r\n"));
    EXPECT_NE(question.find("Cookie: SID=fresh\r\n"), std::string::npos);
    EXPECT_NE(question.find("Accept-Encoding: identity\r\n"), std::string::npos);
    EXPECT_EQ(question.find("Content-Length"), std::string::npos);
    EXPECT_TRUE(is_in());
    EXPECT_EQ(count(audit_text(), "authn_login_success"), 1U);
}

TEST_F(AskedLogin, IsNotBelievedWithoutAnAnswer) {
    for (const auto& answer : {FakeAnswer{200, {}, "", true}, FakeAnswer{403, {}, "{}"},
                               FakeAnswer{200, {}, "{\"name\":\"ada\"", false, true},
                               FakeAnswer{200, {}, "{\"name\":[\"ada\",\"bob\"]}"}}) {
        backend.answers = {accepted(), answer};

        EXPECT_EQ(post_login().status, 302);

        EXPECT_FALSE(is_in()) << answer.body;
    }
    const auto text = audit_text();
    EXPECT_EQ(count(text, "\"why\":\"question_unanswered\""), 2U);
    EXPECT_EQ(count(text, "\"why\":\"user_unreadable\""), 2U);
}

TEST_F(AskedLogin, AsksNothingAboutAFailure) {
    backend.answers = {FakeAnswer{200, {}, "wrong"}};

    post_login();

    EXPECT_EQ(backend.requests.size(), 1U);
}

struct ConfirmedLogin : ExchangeLogin {
    ConfirmedLogin() {
        rule.success = {};
        rule.success.status = {302};
        auto& confirm = rule.confirm.emplace();
        confirm.success.status = {200};
        confirm.failure.emplace().status = {403};
        obey();
    }

    FakeClient begin() {
        backend.answers = {
            FakeAnswer{302, {{"Location", "?user=ada"}, {"Set-Cookie", "SID=fresh"}}, ""}};
        return ask(Method::Post, "/login", "do=login&user=ada");
    }
    FakeClient next(int status, std::string_view target = "/login?user=ada") {
        backend.answers = {FakeAnswer{status, {}, ""}};
        return ask(Method::Get, target);
    }
};

TEST_F(ConfirmedLogin, IsNobodyUntilTheNextPageSaysSo) {
    const auto before = begin().answer;
    const auto pending = cookie;

    EXPECT_FALSE(is_in());
    next(200);

    EXPECT_NE(cookie, pending) << "the id changes when somebody is in";
    EXPECT_NE(backend.requests.back().find("Cookie: SID=fresh\r\n"), std::string::npos);
    EXPECT_TRUE(is_in());
    EXPECT_EQ(count(audit_text(), "authn_login_success"), 1U);
}

TEST_F(ConfirmedLogin, IsRefutedByTheNextPageAndCounted) {
    begin();
    next(403);
    next(200);

    EXPECT_FALSE(is_in()) << "what was refuted cannot be confirmed";
    EXPECT_EQ(count(audit_text(), "\"event\":\"authn_login_fail\""), 1U);
}

TEST_F(ConfirmedLogin, IsNotConfirmedByAnotherPage) {
    begin();
    next(200, "/static/style.css");

    EXPECT_FALSE(is_in());
}

TEST_F(ConfirmedLogin, IsNotConfirmedTooLate) {
    begin();
    clock.advance(std::chrono::minutes(1));
    next(200);

    EXPECT_FALSE(is_in());
}

TEST_F(ConfirmedLogin, PutsOutWhoWasInBefore) {
    begin();
    next(200);
    ASSERT_TRUE(is_in());

    begin();

    EXPECT_FALSE(is_in()) << "somebody else may be";
}

TEST_F(ConfirmedLogin, CountsGuessesThatNobodyFollowsUp) {
    for (int i = 0; i < 5; ++i) begin();

    EXPECT_EQ(count(audit_text(), "authn_login_fail_max"), 1U);
}

struct KnownUser : ExchangeLogin {
    KnownUser() {
        rule.lost.emplace().answer.status = {401};
        auto& change = rule.changes.emplace_back();
        change.when.path = "/passwd";
        rule.closed.emplace_back().path = "/xmlrpc.php";
        obey();
        backend.answers = {FakeAnswer{302, {{"Set-Cookie", "SID=1"}}, ""}};
        post_login();
    }
};

TEST_F(KnownUser, GetsANewIdWhenTheirPrivilegesChange) {
    const auto before = cookie;
    backend.answers = {FakeAnswer{302, {}, ""}};

    ask(Method::Post, "/passwd");

    EXPECT_NE(cookie, before);
    EXPECT_TRUE(is_in());
    EXPECT_NE(backend.requests.back().find("Cookie: SID=1\r\n"), std::string::npos);
    cookie = before;
    EXPECT_FALSE(is_in());
    const auto text = audit_text();
    EXPECT_EQ(count(text, "authn_privilege_change"), 1U);
    EXPECT_EQ(count(text, "\"cause\":\"privilege_change\""), 1U);
}

TEST_F(KnownUser, IsAStrangerWhenTheBackendDropsItsSession) {
    const auto before = cookie;
    backend.answers = {FakeAnswer{401, {}, ""}};

    EXPECT_EQ(ask(Method::Get, "/private").status, 401);

    EXPECT_NE(cookie, before);
    EXPECT_FALSE(is_in());
    EXPECT_EQ(count(audit_text(), "session_demoted"), 1U);
}

TEST_F(KnownUser, FindsClosedDoorsClosedLikeEverybody) {
    const auto heard = backend.requests.size();

    EXPECT_EQ(ask(Method::Post, "/xmlrpc.php").status, 403);
    EXPECT_EQ(ask(Method::Post, "//xmlrpc.php;x").status, 403);

    EXPECT_EQ(backend.requests.size(), heard);
    EXPECT_EQ(count(audit_text(), "\"reason\":\"door_closed\""), 4U);
}

TEST_F(ExchangeLogin, AGuessCountsAlsoWhenTheStoreIsAway) {
    obey();
    backend.answers = {FakeAnswer{200, {{"Set-Cookie", "token=1"}}, "wrong"}};
    store.down = true;

    for (int i = 0; i < 5; ++i) post_login();

    EXPECT_EQ(count(audit_text(), "authn_login_fail_max"), 1U);
}

TEST_F(KnownUser, CannotBecomeSomebodyElseWithTheBackendSessionThatWasDropped) {
    backend.answers = {FakeAnswer{401, {{"Set-Cookie", "SID=1; Path=/"}}, ""}};
    ask(Method::Get, "/private");
    backend.answers = {FakeAnswer{302, {{"Set-Cookie", "SID=1"}}, ""}};

    ask(Method::Post, "/login", "do=login&user=root");

    EXPECT_EQ(backend.requests.back().find("Cookie: SID=1"), std::string::npos);
}

TEST_F(ConfirmedLogin, IsNotConfirmedInTheBackendSessionOfSomebodyElse) {
    rule.pre_login_cookies = policy::LoginRule::PreLoginCookies::Keep;
    obey();
    begin();    // The backend let ada in.
    next(403);  // That page did not say so.
    backend.answers = {FakeAnswer{302, {{"Location", "?user=root"}}, ""}};
    ask(Method::Post, "/login", "do=login&user=root");
    next(200, "/login?user=root");

    EXPECT_FALSE(is_in());
    EXPECT_EQ(count(audit_text(), "\"why\":\"already_logged_in\""), 1U);
}

TEST_F(ConfirmedLogin, AsksForAllOfThePageThatConfirms) {
    begin();
    FakeClient client;
    client.request.fields.add("If-None-Match", "\"1\"");
    client.request.fields.add("Range", "bytes=0-0");
    backend.answers = {FakeAnswer{200, {}, ""}};
    ask(std::move(client), Method::Get, "/login?user=ada");

    EXPECT_EQ(backend.requests.back().find("If-None-Match"), std::string::npos);
    EXPECT_EQ(backend.requests.back().find("Range"), std::string::npos);
    ask(Method::Get, "/page");
    EXPECT_TRUE(is_in());
}

TEST_F(BodyLogin, IsNotBelievedWhenAnyCodingIsNotIdentity) {
    rule.success = {};
    rule.success.none.emplace_back().body = "wrong";
    obey();
    backend.answers = {
        FakeAnswer{200, {{"Content-Encoding", "identity"}, {"Content-Encoding", "gzip"}}, "..."}};

    post_login();

    EXPECT_FALSE(is_in());
    EXPECT_EQ(count(audit_text(), "\"why\":\"answer_encoded\""), 1U);
}

TEST_F(AskedLogin, AsksWithTheBrowsersCookiesAsTheyWillBe) {
    auto open = support::public_route();
    auto backend_of = std::make_shared<policy::Backend>();
    backend_of->cookies.otherwise = policy::CookieMode::Pass;
    open.backend = backend_of;
    open.login = std::make_shared<policy::LoginRule>(rule);
    routes = policy::RouteTable({open});
    backend.answers = {accepted(), FakeAnswer{200, {}, "{\"name\":\"ada\"}"}};
    cookie = "SID=planted; lang=en";

    post_login();

    EXPECT_NE(backend.requests.back().find("SID=fresh"), std::string::npos);
    EXPECT_NE(backend.requests.back().find("lang=en"), std::string::npos);
    EXPECT_EQ(backend.requests.back().find("planted"), std::string::npos);
}

TEST_F(ExchangeLogin, ADeadSessionCanLogInAndBeginsAnew) {
    obey();
    backend.answers = {FakeAnswer{302, {{"Set-Cookie", "SID=1"}}, ""}};
    post_login();
    const auto dead = cookie;
    clock.advance(std::chrono::hours(9));

    post_login();

    EXPECT_NE(cookie, dead);
    EXPECT_EQ(backend.requests.back().find("Cookie: SID=1"), std::string::npos);
    EXPECT_TRUE(is_in());
}

}  // namespace
}  // namespace gateway
