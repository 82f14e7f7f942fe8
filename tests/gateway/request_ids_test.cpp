#include "gateway/request_ids.h"

#include <set>

#include <gmock/gmock.h>

#include "tests/support/fake_random.h"

namespace gateway {
namespace {

using testing::MatchesRegex;

TEST(RequestIds, AreAPrefixAndANumberThatCounts) {
    support::FakeRandom random;
    auto ids = RequestIds::begin(random).value();

    const auto first = ids.next();
    const auto second = ids.next();

    EXPECT_THAT(first, MatchesRegex("[0-9a-f]{16}-1"));
    EXPECT_EQ(second, first.substr(0, 16) + "-2");
    for (int i = 3; i < 1200; ++i) EXPECT_EQ(ids.next(), first.substr(0, 17) + std::to_string(i));
}

TEST(RequestIds, AreNeverGivenTwice) {
    support::FakeRandom random;
    auto ids = RequestIds::begin(random).value();
    std::set<std::string> given;

    for (int i = 0; i < 1000; ++i) given.insert(ids.next());

    EXPECT_EQ(given.size(), 1000u);
}

TEST(RequestIds, OfTwoWorkersDiffer) {
    support::FakeRandom random;
    auto one = RequestIds::begin(random).value();
    auto other = RequestIds::begin(random).value();

    EXPECT_NE(one.next(), other.next());
}

TEST(RequestIds, CannotBeginWithoutRandomness) {
    support::FakeRandom random;
    random.fail();

    EXPECT_EQ(RequestIds::begin(random).error().reason, policy::Reason::RandomUnavailable);
}

}  // namespace
}  // namespace gateway
