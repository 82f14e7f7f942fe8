#include "gateway/backend_logout.h"

#include <gtest/gtest.h>

#include "tests/session/fixtures.h"
#include "tests/support/policy_parts.h"

namespace gateway {
namespace {

using namespace fixtures;
using policy::Reason;

policy::Route watched(std::string host, std::string backend) {
    auto route = support::public_route();
    auto login = support::form_login();
    login.backend_logout = policy::BackendLogout{policy::Method::Get, "/bye?x=1", {}};
    route.login = std::make_shared<policy::LoginRule>(login);
    route.host = std::move(host);
    auto owned = std::make_shared<policy::Backend>();
    owned->name = policy::BackendName(std::move(backend));
    route.backend = std::move(owned);
    return route;
}

class EndedSessionsTest : public testing::Test {
protected:
    EndedSessionsTest() {
        ended_.send_to([this](LogoutCall call) { calls_.push_back(std::move(call)); });
    }

    static session::Session with_cookie(session::Session value, std::string backend,
                                        std::string host) {
        value.vault.apply("SID=1; Path=/", {backend, host, "/"}, kStart, {});
        return value;
    }

    void end(const session::Session& value, Reason reason) { ended_.ended(key_, &value, reason); }

    policy::RouteTable routes_{
        {watched("wiki.example.org", "wiki"), watched("erp.example.org", "erp")}};
    support::FakeClock clock_;
    EndedSessions ended_{routes_, clock_};
    std::vector<LogoutCall> calls_;
    session::SessionKey key_ = new_key();
};

TEST_F(EndedSessionsTest, TellWhichBackendsHaveToHear) {
    end(with_cookie(user(), "wiki", "wiki.example.org"), Reason::IdleTimeout);

    ASSERT_EQ(calls_.size(), 1U);
    EXPECT_EQ(calls_[0].route->host, "wiki.example.org");
    EXPECT_EQ(calls_[0].target, "/bye?x=1");
    EXPECT_EQ(calls_[0].cookies, "SID=1");
    EXPECT_EQ(calls_[0].session, key_.handle().text());
    EXPECT_EQ(calls_[0].user, "alice");
    EXPECT_EQ(calls_[0].why, Reason::IdleTimeout);
}

TEST_F(EndedSessionsTest, TellEveryBackendThatKnowsTheUser) {
    auto session = with_cookie(user(), "wiki", "wiki.example.org");

    end(with_cookie(session, "erp", "erp.example.org"), Reason::Revoked);

    EXPECT_EQ(calls_.size(), 2U);
}

TEST_F(EndedSessionsTest, SayNothingWhereNothingIsToBeSaid) {
    end(with_cookie(stranger(), "wiki", "wiki.example.org"), Reason::Revoked);
    end(user(), Reason::Revoked);
    for (const auto known : {Reason::LoggedOut, Reason::BackendSessionLost})
        end(with_cookie(user(), "wiki", "wiki.example.org"), known);
    auto by_another_rule = with_cookie(user(), "wiki", "wiki.example.org");
    by_another_rule.authentication->rights =
        session::SharedRights({policy::LoginName("other"), {}});
    end(by_another_rule, Reason::Revoked);

    ended_.ended(key_, nullptr, Reason::Revoked);

    EXPECT_TRUE(calls_.empty());
    ended_.send_to({});
    end(with_cookie(user(), "wiki", "wiki.example.org"), Reason::Revoked);
}

}  // namespace
}  // namespace gateway
