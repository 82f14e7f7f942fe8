#include "gateway/request_ids.h"

#include <gtest/gtest.h>

#include "tests/support/fake_random.h"

namespace gateway {
namespace {

TEST(RequestIds, CountBehindARandomPrefix) {
    support::FakeRandom random;
    auto ids = RequestIds::begin(random).value();

    const auto first = ids.next();
    const auto prefix = first.substr(0, 17);

    EXPECT_EQ(prefix.find_first_not_of("0123456789abcdef"), 16U);
    EXPECT_EQ(prefix[16], '-');
    EXPECT_EQ(first, prefix + "1");
    for (int i = 2; i < 1200; ++i) EXPECT_EQ(ids.next(), prefix + std::to_string(i));
}

TEST(RequestIds, OfAnotherWorkerAreOthers) {
    support::FakeRandom random;
    auto one = RequestIds::begin(random).value();
    auto another = RequestIds::begin(random).value();

    EXPECT_NE(one.next(), another.next());
}

TEST(RequestIds, AreNotMadeOfBytesThatCouldNotBeDrawn) {
    support::FakeRandom random;
    random.fail();

    EXPECT_FALSE(RequestIds::begin(random));
}

}  // namespace
}  // namespace gateway
