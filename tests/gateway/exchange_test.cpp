#include "gateway/exchange.h"

#include "tests/gateway/exchange_fixture.h"

namespace gateway {
namespace {

TEST_F(ExchangeTest, AStrangerReachesAnOpenRoute) {
    const auto client = ask(policy::Method::Get, "/page");

    EXPECT_EQ(client.status, 200);
    EXPECT_TRUE(client.finished);
    EXPECT_TRUE(client.answer.ends_with("hello"));
}

TEST_F(ExchangeTest, AStrangerOnAGuardedRouteIsRefusedAndTheBackendNeverHears) {
    const auto client = ask(policy::Method::Get, "/private");

    EXPECT_EQ(client.status, 401);
    EXPECT_TRUE(backend.requests.empty());
}

TEST_F(ExchangeTest, AfterALoginTheUserIsKnownToTheGuardedRoute) {
    log_in();

    const auto client = ask(policy::Method::Get, "/private");

    EXPECT_EQ(client.status, 200);
    EXPECT_NE(backend.requests.back().find("Cookie: SID=1\r\n"), std::string::npos);
}

TEST_F(ExchangeTest, StoreOutageFailsClosed) {  // REV-005
    log_in();
    store.down = true;
    const auto heard = backend.requests.size();

    const auto client = ask(policy::Method::Get, "/page");

    EXPECT_EQ(client.status, 503);
    EXPECT_EQ(backend.requests.size(), heard);
}

TEST_F(ExchangeTest, AnAnswerThatCannotBeStoredIsWithheld) {
    random.fail();

    const auto client = log_in();

    EXPECT_EQ(client.status, 503);
    EXPECT_EQ(client.answer.find("Set-Cookie"), std::string::npos);
}

TEST_F(ExchangeTest, ABackendThatIsDownIs502WithTheRequestId) {
    backend.unreachable = true;

    const auto client = ask(policy::Method::Get, "/page");

    EXPECT_EQ(client.status, 502);
    EXPECT_NE(client.answer.find("Request id: "), std::string::npos);
}

TEST_F(ExchangeTest, ALoginWithoutAnAnswerEndsTheSessionThatItWasPostedIn) {  // ROT-001
    backend.answers = {FakeAnswer{200, {{"Set-Cookie", "SID=planted"}}, ""}};
    ask(policy::Method::Get, "/page");
    const auto planted = cookie;
    backend.answers = {FakeAnswer{}};
    backend.answers.front().fails = true;

    const auto client = ask(policy::Method::Post, "/login", "do=login&user=ada");

    EXPECT_EQ(client.status, 502);
    EXPECT_NE(client.answer.find("Max-Age=0"), std::string::npos);
    backend.answers = {FakeAnswer{200, {}, "hello"}};
    cookie = planted;
    ask(policy::Method::Get, "/page");
    EXPECT_EQ(backend.requests.back().find("SID=planted"), std::string::npos);
    EXPECT_EQ(count(audit_text(), "\"why\":\"no_answer\""), 1u);
}

TEST_F(ExchangeTest, ALoginThatNobodyCouldReadKeepsNoCookies) {
    backend.answers = {FakeAnswer{302, {{"Set-Cookie", "SID=1"}}, ""}, FakeAnswer{}};

    ask(policy::Method::Post, "/login", "do=login&user=ada&user=root");
    ask(policy::Method::Get, "/page");

    EXPECT_EQ(backend.requests.back().find("SID"), std::string::npos);
    EXPECT_EQ(count(audit_text(), "\"why\":\"user_unreadable\""), 1u);
}

TEST_F(ExchangeTest, ASessionWhoseIdCannotBeChangedAtLoginEnds) {
    backend.answers = {FakeAnswer{200, {{"Set-Cookie", "SID=planted"}}, ""}};
    ask(policy::Method::Get, "/page");
    const auto planted = cookie;
    random.fail();
    EXPECT_EQ(log_in().status, 503);

    cookie = planted;
    ask(policy::Method::Get, "/page");

    EXPECT_EQ(backend.requests.back().find("SID"), std::string::npos);
}

TEST_F(ExchangeTest, UnknownHostsAreNotFound) {
    routes = policy::RouteTable();

    EXPECT_EQ(ask(policy::Method::Get, "/page").status, 404);
}

TEST_F(ExchangeTest, WhatIsMalformedEndsTheConnection) {
    const auto client = ask(policy::Method::Get, "/a/../b");

    EXPECT_EQ(client.status, 400);
    EXPECT_TRUE(client.closes);
    EXPECT_TRUE(backend.requests.empty());
}

struct Laws : ExchangeTest {};

TEST_F(Laws, EveryExchangeYieldsExactlyOneAuditRecord) {
    ask(policy::Method::Get, "/page");
    ask(policy::Method::Get, "/private");
    ask(policy::Method::Get, "/a/../b");
    backend.unreachable = true;
    ask(policy::Method::Get, "/page");
    store.down = true;
    cookie = "__Host-Http-session=v1.k1.x.y";
    ask(policy::Method::Get, "/page");

    EXPECT_EQ(count(audit_text(), "\"event\":\"http_exchange\""), 5u);
}

TEST_F(Laws, AnyDoubtRefuses) {
    for (const auto* target : {"/%2e%2e/x", "/a%2fb", "/a%00", "/a#b", "//private"})
        EXPECT_EQ(ask(policy::Method::Get, target).status, 400) << target;
    EXPECT_TRUE(backend.requests.empty());
}

TEST_F(Laws, NoSecretIsInTheAudit) {
    log_in();
    ask(policy::Method::Get, "/private?token=hunter2");

    const auto text = audit_text();

    EXPECT_EQ(count(text, "hunter2"), 0u);
    EXPECT_EQ(count(text, cookie.substr(cookie.find('=') + 1)), 0u);
    EXPECT_EQ(count(text, "SID=1"), 0u);
    EXPECT_EQ(count(text, "authn_login_success"), 1u);
}

}  // namespace
}  // namespace gateway
