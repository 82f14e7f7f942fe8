#include "gateway/sql/asker.h"

#include <future>
#include <thread>

#include <gtest/gtest.h>
#include <soci/soci.h>

#include "session/sql/connection.h"
#include "tests/support/loop.h"
#include "tests/support/policy_folder.h"

namespace {

using gateway::sql::Asker;
using gateway::sql::Pool;
using policy::Reason;
using policy::Result;
using session::sql::Database;
using namespace std::chrono_literals;

using Epoch = std::function<Result<policy::Instant>(Database&)>;

class AskerTest : public testing::Test {
protected:
    AskerTest() {
        settings_.file = folder_.file("sessions.db");
        settings_.connections = 1;
        settings_.timeout = 200ms;
    }

    static Result<policy::Instant> epoch_of(Database& database) { return database.epoch(); }

    support::PolicyFolder folder_;
    session::sql::Settings settings_;
    support::Loop loop_;
};

TEST_F(AskerTest, BringsTheAnswerBackToItsLoop) {
    Pool pool(settings_);
    Asker asker(loop_.context, pool, settings_.timeout);
    std::thread::id asked;
    const Epoch work = [&](Database& database) {
        asked = std::this_thread::get_id();
        return database.epoch();
    };

    const auto epoch = loop_.finish(asker.ask(work));

    ASSERT_TRUE(epoch);
    EXPECT_EQ(*epoch, policy::Instant());
    EXPECT_TRUE(asked != std::this_thread::get_id());
}

TEST_F(AskerTest, DoesNotWaitForADatabaseThatHangs) {
    Pool pool(settings_);
    Asker asker(loop_.context, pool, settings_.timeout);
    std::promise<void> thaw;
    const Epoch hang = [frozen = thaw.get_future().share()](Database& database) {
        frozen.wait();
        return database.epoch();
    };
    std::atomic<int> begun = 0;
    const Epoch next = [&](Database& database) {
        ++begun;
        return database.epoch();
    };
    support::Started first(asker.ask(hang)), second(asker.ask(next));

    EXPECT_TRUE(loop_.run_until([&] { return first.is_done() && second.is_done(); }));

    ASSERT_FALSE(first.result());
    EXPECT_EQ(first.result().error().reason, Reason::StoreUnavailable);
    EXPECT_NE(first.result().error().context.find("in time"), std::string::npos);
    EXPECT_FALSE(second.result());
    thaw.set_value();
    support::Started third(asker.ask(next));
    EXPECT_TRUE(loop_.run_until([&] { return third.is_done(); }));
    EXPECT_TRUE(third.result()) << "it goes on when the database does";
    EXPECT_EQ(begun, 1) << "what nobody waits for any more is not begun";
}

TEST_F(AskerTest, SaysWhyThereIsNoDatabase) {
    settings_.file = folder_.file("no/such/folder/sessions.db");
    Pool pool(settings_);
    Asker asker(loop_.context, pool, settings_.timeout);

    const auto epoch = loop_.finish(asker.ask(Epoch(epoch_of)));

    ASSERT_FALSE(epoch);
    EXPECT_NE(epoch.error().context.find("sessions.db"), std::string::npos);
}

TEST_F(AskerTest, RefusesWhatWaitsWhenItStops) {
    Pool pool(settings_);
    Asker asker(loop_.context, pool, settings_.timeout);
    std::promise<void> thaw;
    const Epoch hang = [frozen = thaw.get_future().share()](Database& database) {
        frozen.wait();
        return database.epoch();
    };
    support::Started waiting(asker.ask(hang));

    asker.stop();

    ASSERT_TRUE(waiting.is_done());
    EXPECT_FALSE(waiting.result());
    EXPECT_FALSE(loop_.finish(asker.ask(Epoch(epoch_of))));
    thaw.set_value();
}

TEST_F(AskerTest, FailsWhatWasNotBegunWhenThePoolEnds) {
    auto pool = std::make_unique<Pool>(settings_);
    Asker asker(loop_.context, *pool, 5s);
    std::promise<void> begun, thaw;
    const Epoch hang = [&, frozen = thaw.get_future().share()](Database& database) {
        begun.set_value();
        frozen.wait();
        return database.epoch();
    };
    support::Started first(asker.ask(hang)), second(asker.ask(Epoch(epoch_of)));
    begun.get_future().wait();
    thaw.set_value();

    pool.reset();

    EXPECT_TRUE(loop_.run_until([&] { return first.is_done() && second.is_done(); }));
    EXPECT_TRUE(first.result());
}

TEST_F(AskerTest, KeepsTheFileForItsOwner) {
    ASSERT_TRUE(Database::open(settings_));

    const auto mode = std::filesystem::status(settings_.file).permissions();
    EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(AskerTest, RefusesTablesOfALaterVersion) {
    {
        const auto database = session::sql::open(settings_);
        ASSERT_TRUE(database);
        **database << "UPDATE sallyport_state SET value = 99 WHERE name = 'schema'";
    }

    const auto refused = Database::open(settings_);

    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().context.find("later version"), std::string::npos);
}

TEST_F(AskerTest, LetsManyMakeTheTablesAtOnce) {
    std::vector<std::future<bool>> opened;
    for (int i = 0; i < 8; ++i)
        opened.push_back(
            std::async(std::launch::async, [&] { return Database::open(settings_).has_value(); }));
    for (auto& each : opened) EXPECT_TRUE(each.get());
}

}  // namespace
