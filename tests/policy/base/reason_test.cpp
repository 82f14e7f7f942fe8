#include "policy/base/reason.h"

#include <set>

#include <gtest/gtest.h>

namespace policy {
namespace {

constexpr int kLast = static_cast<int>(Reason::Internal);

bool is_snake_case(std::string_view text) {
    return !text.empty() &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

TEST(Reason, EveryReasonHasItsRow) {
    for (int i = 0; i <= kLast; ++i) {
        const auto reason = static_cast<Reason>(i);

        EXPECT_EQ(describe(reason).reason, reason) << i;
    }
}

TEST(Reason, EveryWordIsUniqueSnakeCase) {
    std::set<std::string_view> words;

    for (int i = 0; i <= kLast; ++i) {
        const auto text = word(static_cast<Reason>(i));
        EXPECT_TRUE(is_snake_case(text)) << text;
        EXPECT_TRUE(words.insert(text).second) << text;
    }
}

TEST(Reason, EveryStatusIsAnErrorOrSaysThatNobodyIsLeft) {
    for (int i = 0; i <= kLast; ++i) {
        const auto& row = describe(static_cast<Reason>(i));

        EXPECT_TRUE(row.status == 0 || (row.status >= 400 && row.status < 600)) << row.word;
    }
}

// HTP-003: each refused head can be found in the audit log.
TEST(Reason, EveryMalformedRequestIsAudited) {
    for (int i = static_cast<int>(Reason::BadRequestLine); i <= static_cast<int>(Reason::BadChunk);
         ++i) {
        EXPECT_EQ(describe(static_cast<Reason>(i)).event, Event::HttpMalformed) << i;
    }
}

// HTP-007, HTP-014
TEST(Reason, FaultsThatHaveTheirOwnStatusGetIt) {
    EXPECT_EQ(status_of(Reason::NoRoute), 404);
    EXPECT_EQ(status_of(Reason::UnknownHost), 404);
    EXPECT_EQ(status_of(Reason::UnknownMethod), 501);
    EXPECT_EQ(status_of(Reason::MethodRefused), 405);
    EXPECT_EQ(status_of(Reason::BadVersion), 505);
    EXPECT_EQ(status_of(Reason::TargetTooLong), 414);
    EXPECT_EQ(status_of(Reason::HeadTooLarge), 431);
    EXPECT_EQ(status_of(Reason::TooManyFields), 431);
    EXPECT_EQ(status_of(Reason::HeadTimeout), 408);
    EXPECT_EQ(status_of(Reason::BadExpectation), 417);
    EXPECT_EQ(status_of(Reason::ConflictingLengths), 400);
}

TEST(Reason, ADeadSessionIsToldApartOnlyInTheAudit) {
    EXPECT_EQ(status_of(Reason::IdleTimeout), status_of(Reason::Revoked));
    EXPECT_EQ(describe(Reason::IdleTimeout).event, Event::SessionExpired);
    EXPECT_EQ(describe(Reason::Revoked).event, Event::SessionUseAfterExpire);
    EXPECT_EQ(describe(Reason::ForgedId).event, Event::SessionIdForged);
}

TEST(Reason, DistrustIsAskedToLogInAndAudited) {  // BND-001
    EXPECT_EQ(status_of(Reason::StepUpRequired), 401);
    EXPECT_EQ(describe(Reason::StepUpRequired).event, Event::SessionStepupRequired);
    EXPECT_EQ(status_of(Reason::SessionLocked), 401);
    EXPECT_EQ(describe(Reason::SessionLocked).event, Event::SessionBindMismatch);
}

}  // namespace
}  // namespace policy
