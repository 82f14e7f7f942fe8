#include "policy/base/event.h"

#include <set>

#include <gtest/gtest.h>

namespace policy {
namespace {

constexpr int kLast = static_cast<int>(Event::SysShutdown);

TEST(Event, EveryEventHasItsRow) {
    for (int i = 0; i <= kLast; ++i) {
        const auto event = static_cast<Event>(i);

        EXPECT_EQ(describe(event).event, event) << i;
    }
}

TEST(Event, EveryNameIsUniqueSnakeCase) {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz_";
    std::set<std::string_view> names;

    for (int i = 0; i <= kLast; ++i) {
        const auto text = name(static_cast<Event>(i));
        EXPECT_EQ(text.find_first_not_of(kLetters), std::string_view::npos) << text;
        EXPECT_TRUE(names.insert(text).second) << text;
    }
}

// LOG-004
TEST(Event, NamesAreThoseOfTheOwaspVocabulary) {
    EXPECT_EQ(name(Event::AuthnLoginSuccess), "authn_login_success");
    EXPECT_EQ(name(Event::SessionUseAfterExpire), "session_use_after_expire");
    EXPECT_EQ(name(Event::ExcessRateLimitExceeded), "excess_rate_limit_exceeded");
    EXPECT_EQ(name(Event::SysStartup), "sys_startup");
}

TEST(Event, AStolenSessionAndALostAuditAreCritical) {
    EXPECT_EQ(describe(Event::SessionIdReuse).level, Level::Critical);
    EXPECT_EQ(describe(Event::SessionRevoked).level, Level::Warn);
    EXPECT_EQ(describe(Event::AuditLost).level, Level::Critical);
    EXPECT_EQ(describe(Event::SessionIdForged).level, Level::Warn);
    EXPECT_EQ(describe(Event::SessionLogout).level, Level::Info);
}

// Design §7: every line has an outcome.
TEST(Event, TheOutcomeIsTheGatewaysPartInIt) {
    EXPECT_EQ(describe(Event::AuthnLoginSuccess).outcome, Outcome::Success);
    EXPECT_EQ(describe(Event::AuthnLoginFail).outcome, Outcome::Failure);
    EXPECT_EQ(describe(Event::AuthzFail).outcome, Outcome::Denied);
    EXPECT_EQ(describe(Event::SessionRevoked).outcome, Outcome::Success);
    EXPECT_EQ(describe(Event::BackendFail).outcome, Outcome::Failure);
    // Written before it is decided whether the request may pass.
    EXPECT_EQ(describe(Event::SessionBindMismatch).outcome, Outcome::Unknown);
}

}  // namespace
}  // namespace policy
