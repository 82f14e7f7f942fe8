#include "session/task.h"

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/run_task.h"
#include "tests/support/started_task.h"

namespace session {
namespace {

// Where one coroutine sleeps until the test wakes it.
struct Bed {
    std::coroutine_handle<> sleeper;

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) { sleeper = handle; }
    void await_resume() const {}

    void wake() { std::exchange(sleeper, {}).resume(); }
};

Task<int> give(int value) {
    co_return value;
}

Task<int> sleep_and_give(Bed& bed, int value) {
    co_await bed;
    co_return value;
}

Task<int> fail_with(std::string what) {
    throw std::runtime_error(what);
    co_return 0;
}

Task<int> sleep_and_fail(Bed& bed) {
    co_await bed;
    co_return co_await fail_with("woken");
}

static_assert(!std::is_copy_constructible_v<Task<int>>, "a coroutine has one owner");

TEST(Task, GivesItsValue) {
    EXPECT_EQ(support::run(give(7)), 7);
}

TEST(Task, GivesWhatCanOnlyBeMoved) {
    const auto give_pointer = []() -> Task<std::unique_ptr<int>> {
        co_return std::make_unique<int>(7);
    };

    EXPECT_EQ(*support::run(give_pointer()), 7);
}

TEST(Task, DoesNothingBeforeItIsAwaited) {
    bool started = false;
    const auto start = [](bool& flag) -> Task<void> {
        flag = true;
        co_return;
    };

    const auto task = start(started);

    EXPECT_FALSE(started);
}

TEST(Task, AnExceptionReachesWhoAwaits) {
    const auto catch_it = []() -> Task<std::string> {
        try {
            co_await fail_with("thrown inside");
        } catch (const std::runtime_error& error) {
            co_return error.what();
        }
        co_return "nothing was thrown";
    };

    EXPECT_EQ(support::run(catch_it()), "thrown inside");
}

TEST(Task, AnExceptionAfterASleepReachesWhoAwaits) {
    Bed bed;
    const auto catch_it = [](Bed& sleeping) -> Task<std::string> {
        try {
            co_await sleep_and_fail(sleeping);
        } catch (const std::runtime_error& error) {
            co_return error.what();
        }
        co_return "nothing was thrown";
    };
    support::Started catching(catch_it(bed));
    ASSERT_FALSE(catching.is_done());

    bed.wake();

    ASSERT_TRUE(catching.is_done());
    EXPECT_EQ(catching.result(), "woken");
}

TEST(Task, WhoAwaitsContinuesWhenTheSleeperIsWoken) {
    Bed bed;
    const auto add_one = [](Bed& sleeping) -> Task<int> {
        co_return co_await sleep_and_give(sleeping, 6) + 1;
    };
    support::Started adding(add_one(bed));
    ASSERT_FALSE(adding.is_done());

    bed.wake();

    ASSERT_TRUE(adding.is_done());
    EXPECT_EQ(adding.result(), 7);
}

TEST(Task, ALoopOverReadyTasksDoesNotGrowTheStack) {
    constexpr int kTasks = 200'000;  // A kilobyte of stack for each would be the end.
    const auto sum = []() -> Task<std::int64_t> {
        std::int64_t total = 0;
        for (int i = 0; i < kTasks; ++i) total += co_await give(i);
        co_return total;
    };

    EXPECT_EQ(support::run(sum()), std::int64_t{kTasks} * (kTasks - 1) / 2);
}

TEST(Task, ALoopThatSleepsInBetweenDoesNotGrowTheStack) {
    constexpr int kTasks = 100'000;
    Bed bed;
    const auto sum = [](Bed& sleeping) -> Task<std::int64_t> {
        std::int64_t total = 0;
        for (int i = 0; i < kTasks; ++i) {
            total += co_await give(i);
            total += co_await sleep_and_give(sleeping, 1);
        }
        co_return total;
    };
    support::Started summing(sum(bed));

    while (!summing.is_done()) bed.wake();

    EXPECT_EQ(summing.result(), std::int64_t{kTasks} * (kTasks - 1) / 2 + kTasks);
}

TEST(Task, SpawnStartsATaskAtOnceAndLetsItRunOnItsOwn) {
    Bed bed;
    std::string story;
    const auto tell = [](Bed& sleeping, std::string& told) -> Task<void> {
        told += "begun";
        co_await sleeping;
        told += ", ended";
    };

    spawn(tell(bed, story));
    story += ", spawned";
    bed.wake();

    EXPECT_EQ(story, "begun, spawned, ended");
}

TEST(Task, SpawnedTasksFreeWhatTheyOwnAtTheirEnd) {
    Bed bed;
    const auto owned = std::make_shared<int>(7);
    const auto keep = [](Bed& sleeping, std::shared_ptr<int>) -> Task<void> { co_await sleeping; };
    spawn(keep(bed, owned));
    ASSERT_GT(owned.use_count(), 1);

    bed.wake();

    EXPECT_EQ(owned.use_count(), 1);
}

TEST(Task, DestroyingOneThatNeverStartedFreesItsArguments) {
    const auto owned = std::make_shared<int>(7);
    const auto keep = [](std::shared_ptr<int>) -> Task<void> { co_return; };

    { const auto task = keep(owned); }

    EXPECT_EQ(owned.use_count(), 1);
}

TEST(Task, DestroyingOneThatSleepsFreesAllFramesOfTheChain) {
    Bed bed;
    const auto owned = std::make_shared<int>(7);
    const auto inner = [](Bed& sleeping, std::shared_ptr<int>) -> Task<void> { co_await sleeping; };
    const auto outer = [&inner](Bed& sleeping, std::shared_ptr<int> kept) -> Task<void> {
        co_await inner(sleeping, kept);
    };

    {
        const support::Started task(outer(bed, owned));
        ASSERT_GT(owned.use_count(), 2);
    }

    EXPECT_EQ(owned.use_count(), 1);
}

TEST(Task, AMovedTaskIsRunByItsNewOwner) {
    auto first = give(7);

    auto second = std::move(first);

    EXPECT_EQ(support::run(std::move(second)), 7);
}

TEST(Task, FramesOfAnySizeAreGivenBack) {
    const auto large = [](Bed& sleeping) -> Task<char> {
        std::array<char, 8192> local{};
        co_await sleeping;
        local[0] = 'x';
        co_return local[0];
    };
    for (int i = 0; i < 3; ++i) {
        Bed bed;
        support::Started task(large(bed));
        bed.wake();
        ASSERT_EQ(task.result(), 'x');
    }
}

TEST(Task, MoreFramesThanAreKeptMayBeAliveAtOnce) {
    constexpr std::size_t kAlive = 500;
    std::vector<Bed> beds(kAlive);
    std::vector<std::unique_ptr<support::Started<int>>> tasks;
    for (auto& bed : beds)
        tasks.push_back(std::make_unique<support::Started<int>>(sleep_and_give(bed, 7)));

    for (auto& bed : beds) bed.wake();

    for (const auto& task : tasks) ASSERT_EQ(task->result(), 7);
}

TEST(Task, MayEndOnAnotherThreadThanItBegan) {
    Bed bed;
    support::Started task(sleep_and_give(bed, 7));

    std::thread([&] { bed.wake(); }).join();

    EXPECT_EQ(task.result(), 7);
}

}  // namespace
}  // namespace session
