#include "gateway/io/signal.h"

#include <gtest/gtest.h>

#include "tests/support/started_task.h"

namespace gateway {
namespace {

session::Task<void> wait_for(Signal& signal) {
    co_await signal.wait();
}

TEST(Signal, WhoWaitsContinuesWhenItIsSet) {
    Signal signal;
    support::Started waiting(wait_for(signal));
    ASSERT_FALSE(waiting.is_done());

    signal.set();

    EXPECT_TRUE(waiting.is_done());
}

TEST(Signal, WhoComesLateDoesNotWait) {
    Signal signal;
    EXPECT_FALSE(signal.is_set());
    signal.set();

    support::Started waiting(wait_for(signal));

    EXPECT_TRUE(waiting.is_done());
    EXPECT_TRUE(signal.is_set());
}

TEST(Signal, SettingItTwiceResumesNobodyTwice) {
    Signal signal;
    support::Started waiting(wait_for(signal));

    signal.set();
    signal.set();

    EXPECT_TRUE(waiting.is_done());
}

}  // namespace
}  // namespace gateway
