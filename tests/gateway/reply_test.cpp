#include "gateway/reply.h"

#include <gmock/gmock.h>

#include "tests/support/fake_client.h"
#include "tests/support/run_task.h"

namespace gateway {
namespace {

using policy::Reason;
using support::FakeClient;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

Reply plain(int status) {
    Reply reply;
    reply.status = status;
    return reply;
}

FakeClient answered(Reply reply, policy::Method method = policy::Method::Get) {
    FakeClient client;
    client.request.method = method;
    EXPECT_TRUE(support::run(write_reply(client, std::move(reply))));
    return client;
}

TEST(Reply, TheStatusOfARefusalComesFromTheTable) {
    EXPECT_EQ(refusal(Reason::LoginRequired, "r-1").status, 401);
    EXPECT_EQ(refusal(Reason::NoRoute, "r-1").status, 404);
    EXPECT_EQ(refusal(Reason::HeadTooLarge, "r-1").status, 431);
    EXPECT_EQ(refusal(Reason::BackendTimeout, "r-1").status, 504);
}

TEST(Reply, SaysStatusAndRequestIdAndNothingElse) {
    const auto client = answered(refusal(Reason::NoRoute, "0123456789abcdef-7"));

    EXPECT_EQ(client.status, 404);
    EXPECT_THAT(client.answer, EndsWith("\r\n\r\n404 Not Found\nRequest id: 0123456789abcdef-7\n"));
    EXPECT_THAT(client.answer, HasSubstr("\r\nX-Request-Id: 0123456789abcdef-7\r\n"));
    EXPECT_TRUE(client.finished);
}

TEST(Reply, WithoutARequestIdNoneIsNamed) {
    const auto client = answered(plain(404));

    EXPECT_THAT(client.answer, EndsWith("\r\n\r\n404 Not Found\n"));
    EXPECT_THAT(client.answer, Not(HasSubstr("X-Request-Id")));
}

TEST(Reply, IsNeitherCachedNorGuessedAt) {
    const auto client = answered(plain(404));

    EXPECT_THAT(client.answer, HasSubstr("\r\nCache-Control: no-store\r\n"));
    EXPECT_THAT(client.answer, HasSubstr("\r\nContent-Type: text/plain; charset=utf-8\r\n"));
    EXPECT_THAT(client.answer, HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"));
}

TEST(Reply, ToHeadHasTheLengthButNoBody) {
    const auto client = answered(plain(404), policy::Method::Head);

    EXPECT_THAT(client.answer, EndsWith("\r\nContent-Length: 14\r\n\r\n"));
    EXPECT_TRUE(client.finished);
}

TEST(Reply, OfATemporaryOutageSaysWhenToComeBack) {
    EXPECT_THAT(answered(plain(503)).answer, HasSubstr("\r\nRetry-After: 5\r\n"));
    EXPECT_THAT(answered(plain(502)).answer, Not(HasSubstr("Retry-After")));
}

TEST(Reply, ToWhatIsMalformedEndsTheConnection) {
    EXPECT_TRUE(answered(plain(400)).closes);
    EXPECT_FALSE(answered(plain(401)).closes);
}

TEST(Reply, CarriesTheLocationOfARedirect) {
    auto reply = plain(303);
    reply.location = "/login";

    const auto client = answered(std::move(reply));

    EXPECT_THAT(client.answer, HasSubstr("HTTP/1.1 303 See Other\r\n"));
    EXPECT_THAT(client.answer, HasSubstr("\r\nLocation: /login\r\n"));
}

TEST(Reply, CarriesOurCookie) {
    auto reply = plain(401);
    reply.own_cookie = "a=b; Secure";

    const auto client = answered(std::move(reply));

    EXPECT_THAT(client.answer, HasSubstr("\r\nSet-Cookie: a=b; Secure\r\n"));
    EXPECT_THAT(answered(plain(401)).answer, Not(HasSubstr("Set-Cookie")));
}

}  // namespace
}  // namespace gateway
