#include "session/rights.h"

#include <gtest/gtest.h>

namespace {

using session::Rights;
using session::RightsPool;
using session::SharedRights;

SharedRights rights(std::string group) {
    return SharedRights(Rights{policy::LoginName("form"), {std::move(group)}});
}

TEST(SharedRights, AreEqualByWhatTheyAre) {
    EXPECT_EQ(rights("staff"), rights("staff"));
    EXPECT_FALSE(rights("staff") == rights("admin"));
    EXPECT_TRUE(SharedRights()->groups.empty());
}

TEST(RightsPool, FindsTheSameObjectForTheSameRights) {
    RightsPool pool;
    const auto first = pool.share(rights("staff"));

    EXPECT_EQ(&*pool.share(rights("staff")), &*first);
    EXPECT_NE(&*pool.share(rights("admin")), &*first);
    EXPECT_EQ(pool.share(rights("admin")), rights("admin"));
}

TEST(RightsPool, ForgetsWhatWasNotUsedForLongest) {
    RightsPool pool;
    const auto kept = pool.share(rights("kept"));
    const auto lost = pool.share(rights("lost"));
    for (int i = 0; i < 63; ++i) {
        (void)pool.share(rights(std::to_string(i)));
        (void)pool.share(rights("kept"));
    }

    EXPECT_EQ(&*pool.share(rights("kept")), &*kept);
    EXPECT_NE(&*pool.share(rights("lost")), &*lost);
}

}  // namespace
