#include "policy/http/nominations.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/heads.h"

namespace policy {
namespace {

// `count` different items.
std::string list_of(std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) list.append("x").append(std::to_string(i)).append(", ");
    return list;
}

// HTP-005, IDF-003
TEST(Nominations, AreTheItemsOfAllConnectionFields) {
    const auto fields = support::fields(
        {{"Connection", "X-One, close"}, {"X-Three", "X-Four"}, {"connection", ",x-two ,"}});

    const Nominations nominations(fields);

    EXPECT_TRUE(nominations.contains("x-ONE"));
    EXPECT_TRUE(nominations.contains("X-Two"));
    EXPECT_FALSE(nominations.contains("X-Three"));
    EXPECT_FALSE(nominations.contains("X-Four"));
    EXPECT_FALSE(nominations.contains(""));
}

TEST(Nominations, AreNoneWhereConnectionSpeaksOfTheConnectionOnly) {
    const auto fields = support::fields({{"Connection", "keep-alive"}, {"Connection", "Close"}});

    const Nominations nominations(fields);

    EXPECT_FALSE(nominations.contains("Close"));
    EXPECT_FALSE(nominations.contains("Keep-Alive"));
}

TEST(Nominations, AreBounded) {
    const auto most = list_of(Nominations::kMost);
    const auto more = list_of(Nominations::kMost + 1);
    const auto fields = support::fields({{"Connection", most}, {"Connection", "close"}});
    const auto too_many = support::fields({{"Connection", more}});

    const Nominations nominations(fields);

    EXPECT_FALSE(nominations.are_too_many());
    EXPECT_TRUE(nominations.contains("x31"));
    EXPECT_TRUE(Nominations(too_many).are_too_many());
}

TEST(Nominations, OfWhichThereAreTooManyHoldEveryName) {
    const auto more = list_of(Nominations::kMost + 1);
    const auto fields = support::fields({{"Connection", more}});

    EXPECT_TRUE(Nominations(fields).contains("Accept"));
}

}  // namespace
}  // namespace policy
