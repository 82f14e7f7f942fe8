#include "session/shared_store.h"

#include <gmock/gmock.h>

#include "tests/session/keys.h"
#include "tests/session/store_contract.h"
#include "tests/support/fake_table.h"

namespace contract {

using session::Ended;
using session::Missing;
using session::OnOutage;
using session::Stored;

struct Heard final : session::EndListener {
    void ended(const session::SessionKey& key, const session::Session* session,
               Reason reason) override {
        ends.push_back({key, reason, session != nullptr});
    }
    struct End {
        session::SessionKey key;
        Reason reason;
        bool has_session;
    };
    std::vector<End> ends;
};

struct SharedStoreUnderTest : AtOnce {
    explicit SharedStoreUnderTest(session::SharedSettings how = {})
        : knowledge(how, clock, &heard, [this](const auto& change) { outages.push_back(change); }) {
    }

    static std::vector<session::CookieKey> keys() {
        std::vector<session::CookieKey> all;
        all.push_back(cookie_key("k1", 'a'));
        return all;
    }

    support::FakeTable table;
    support::FakeClock clock;
    support::FakeRandom random;
    Heard heard;
    std::vector<session::Outage::Change> outages;
    session::RecordSealer sealer{keys()};
    session::SharedKnowledge knowledge;
    session::SharedStore store{table, knowledge, sealer, random};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Shared, StoreContract, SharedStoreUnderTest);

namespace {

using support::run;

class SharedStore : public testing::Test {
protected:
    explicit SharedStore(session::SharedSettings how = {}) : it_(how) {}

    session::Locator created(session::Session value = user()) {
        const auto at = new_key();
        EXPECT_TRUE(run(it_.store.create(at, record(std::move(value)), kStart)));
        return at;
    }
    policy::Result<session::Lookup> load(const session::Locator& at) {
        return run(it_.store.load(at));
    }
    bool is_live(const session::Locator& at) {
        const auto found = load(at);
        return found && std::holds_alternative<Stored>(*found);
    }
    Reason refusal(const session::Locator& at) {
        const auto found = load(at);
        return found ? Reason::None : found.error().reason;
    }

    SharedStoreUnderTest it_;
};

class CachingStore : public SharedStore {
protected:
    CachingStore() : SharedStore({OnOutage::Cached}) {}
};

TEST_F(SharedStore, KeepsNothingThatCanBeReadWithoutTheFamily) {
    const auto at = created(user("alice"));
    const auto& row = it_.table.rows.at(at.key);

    EXPECT_THAT(row.record, testing::Not(testing::HasSubstr("alice")));
    EXPECT_THAT(row.summary, testing::Not(testing::HasSubstr("alice")));
    EXPECT_THAT(row.user, testing::Not(testing::HasSubstr("alice")));
    auto other = new_key();
    other.key = at.key;
    EXPECT_TRUE(std::holds_alternative<Missing>(*load(other)));
}

TEST_F(SharedStore, TakesNoRecordOfAnotherSession) {
    const auto at = created(user("alice"));
    const auto other = created(user("bob"));
    it_.table.rows[at.key].record = it_.table.rows[other.key].record;

    EXPECT_TRUE(std::holds_alternative<Missing>(*load(at)));
}

TEST_F(SharedStore, ReadsWhatAnotherGatewayHasWrittenUnderTheSameVersion) {
    const auto at = created(user("alice"));
    ASSERT_TRUE(is_live(at));
    support::FakeRandom other_random;
    std::array<std::uint8_t, 100> drawn{};
    (void)other_random.fill(drawn);
    it_.table.rows[at.key].record = it_.sealer.seal(at, user("bob"), other_random).value();

    EXPECT_EQ(std::get<Stored>(*load(at)).session->authentication->user.text(), "bob");
}

TEST_F(SharedStore, RefusesWhatBeganBeforeTheEpoch) {
    const auto at = created();
    it_.table.raised = kStart + 1ms;

    EXPECT_EQ(std::get<Ended>(*load(at)).reason, Reason::Revoked);
    EXPECT_EQ(it_.table.graves.at(at.key).reason, Reason::Revoked) << "and ends it";
}

TEST_F(SharedStore, HearsOfTheEpochWhenItListens) {
    const auto at = created();
    it_.knowledge.set_listening(true);
    it_.table.raised = kStart + 1ms;
    EXPECT_TRUE(is_live(at)) << "nobody told it";

    it_.knowledge.hear({std::nullopt, Reason::None, false, kStart + 1ms});

    EXPECT_FALSE(is_live(at));
    it_.knowledge.hear({std::nullopt, Reason::None, false, kStart});
    EXPECT_EQ(it_.knowledge.epoch(), kStart + 1ms) << "it only moves forward";
}

TEST_F(SharedStore, TellsTheBackendOfASessionThatAnotherGatewayHasEnded) {
    const auto at = created();

    it_.knowledge.hear({at.key, Reason::Revoked, false, {}});
    it_.knowledge.hear({at.key, Reason::Revoked, false, {}});

    ASSERT_EQ(it_.heard.ends.size(), 2U);
    EXPECT_TRUE(it_.heard.ends[0].has_session);
    EXPECT_FALSE(it_.heard.ends[1].has_session) << "once";
}

TEST_F(SharedStore, LeavesTheBackendToWhoSaysThatItTellsIt) {
    const auto at = created();

    it_.knowledge.hear({at.key, Reason::Revoked, true, {}});

    ASSERT_EQ(it_.heard.ends.size(), 1U);
    EXPECT_FALSE(it_.heard.ends[0].has_session);
}

TEST_F(SharedStore, NotesEndsForServersThatForget) {
    const auto mine = created(), others = created();
    (void)run(it_.store.end(mine, Reason::LoggedOut, kStart + 1h));
    it_.knowledge.hear({others.key, Reason::Revoked, false, {}});

    const auto entries = it_.knowledge.ended.entries(kStart);

    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].key, mine.key);
    EXPECT_EQ(entries[1].key, others.key);
}

TEST_F(SharedStore, RefusesEverythingInAnOutage) {
    const auto at = created();
    ASSERT_TRUE(is_live(at));
    it_.table.is_down = true;

    EXPECT_EQ(refusal(at), Reason::StoreUnavailable);
    EXPECT_FALSE(run(it_.store.create(new_key(), record(user()), kStart)));
    EXPECT_FALSE(run(it_.store.replace(at, 1, record(user()), kStart)));
    EXPECT_FALSE(run(it_.store.end(at, Reason::LoggedOut, kStart + 1h)));
    EXPECT_FALSE(run(it_.store.sessions_of(policy::UserName("alice"))));
    EXPECT_FALSE(run(it_.store.list({}, 1)));
    EXPECT_FALSE(run(it_.store.sweep(kStart)));
    EXPECT_TRUE(it_.heard.ends.empty());
}

TEST_F(SharedStore, TellsOnceThatTheTableIsGoneAndOnceThatItIsBack) {
    const auto at = created();
    it_.table.is_down = true;
    (void)load(at);
    (void)load(at);
    it_.clock.advance(5s);
    it_.table.is_down = false;
    (void)load(at);
    (void)load(at);

    ASSERT_EQ(it_.outages.size(), 2U);
    EXPECT_TRUE(it_.outages[0].is_out);
    EXPECT_EQ(it_.outages[0].why, "made to fail");
    EXPECT_FALSE(it_.outages[1].is_out);
    EXPECT_EQ(it_.outages[1].lasted, 5s);
}

TEST_F(CachingStore, LetsReadWhatWasSeenAMomentAgo) {
    const auto at = created();
    ASSERT_TRUE(is_live(at));
    it_.table.is_down = true;

    EXPECT_TRUE(is_live(at));
    EXPECT_FALSE(run(it_.store.replace(at, 1, record(user()), kStart))) << "and write nothing";
    EXPECT_EQ(refusal(new_key()), Reason::StoreUnavailable);
    it_.clock.advance(5s);
    EXPECT_EQ(refusal(at), Reason::StoreUnavailable) << "no longer than the policy says";
}

TEST_F(CachingStore, DoesNotLetReadWhatHasEnded) {
    const auto mine = created(), others = created(), early = created();
    (void)run(it_.store.end(mine, Reason::LoggedOut, kStart + 1h));
    it_.knowledge.hear({others.key, Reason::Revoked, false, {}});
    it_.table.is_down = true;

    EXPECT_FALSE(is_live(mine));
    EXPECT_FALSE(is_live(others));
    EXPECT_TRUE(is_live(early));
    it_.knowledge.raise_epoch(kStart + 1ms);
    EXPECT_FALSE(is_live(early));
}

TEST_F(CachingStore, RemembersABoundedNumber) {
    session::RecentSessions recent(32);
    std::vector<session::Locator> all;
    for (int i = 0; i < 1000; ++i) {
        all.push_back(new_key());
        recent.note(
            all.back(),
            {Stored{std::make_shared<session::Session>(user()), 1, kStart}, kStart, {}, {}});
    }
    std::size_t known = 0;
    for (const auto& at : all) known += recent.find(at) ? 1 : 0;
    EXPECT_LE(known, 32U);
    EXPECT_TRUE(recent.find(all.back()));
}

TEST(RecentSessions, KeepTheNewerOfTwoAnswers) {
    session::RecentSessions recent(32);
    const auto at = new_key();
    const auto seen = [](std::string name, session::Version version) {
        return session::RecentSessions::Seen{
            Stored{std::make_shared<session::Session>(user(std::move(name))), version, kStart},
            kStart,
            {},
            {}};
    };
    recent.note(at, seen("new", 2));
    recent.note(at, seen("old", 1));

    EXPECT_EQ(recent.find(at)->stored.session->authentication->user.text(), "new");
    EXPECT_TRUE(recent.take(at));
    EXPECT_FALSE(recent.take(at));
}

TEST(Journal, ForgetsTheOldAndTheTooMany) {
    session::Journal journal(10min, 2);
    const auto one = new_key(), two = new_key(), three = new_key();
    journal.note(one, Reason::Revoked, kStart);
    journal.note(two, Reason::Revoked, kStart + 1min);
    journal.note(three, Reason::LoggedOut, kStart + 2min);

    EXPECT_EQ(journal.entries(kStart + 2min).size(), 2U);
    ASSERT_EQ(journal.entries(kStart + 11min).size(), 1U);
    EXPECT_EQ(journal.entries(kStart + 11min)[0].key, three.key);
    EXPECT_EQ(journal.entries(kStart + 11min)[0].reason, Reason::LoggedOut);
    EXPECT_TRUE(journal.entries(kStart + 12min).empty());
}

TEST(Notice, ComesBackAsItWasWritten) {
    const auto at = new_key();
    const auto ended =
        session::read_notice(session::write_notice({at.key, Reason::IdleTimeout, true, {}}));
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->ended, at.key);
    EXPECT_EQ(ended->reason, Reason::IdleTimeout);
    EXPECT_TRUE(ended->is_told);

    const auto epoch =
        session::read_notice(session::write_notice({std::nullopt, Reason::None, false, kStart}));
    ASSERT_TRUE(epoch);
    EXPECT_FALSE(epoch->ended);
    EXPECT_EQ(epoch->epoch, kStart);
}

TEST(Notice, IsNothingElse) {
    const auto handle = new_key().handle().text();
    for (const auto& text :
         {std::string(), std::string("epoch"), std::string("epoch x"), std::string("epoch 1x"),
          std::string("ended"), "ended " + handle, "ended " + handle + " revoked",
          "ended " + handle + " revoked maybe", "ended " + handle + " no_reason told",
          std::string("ended 00 revoked told"), "ended " + handle + " revoked told more"})
        EXPECT_FALSE(session::read_notice(text)) << text;
}

}  // namespace
}  // namespace contract
