#include "gateway/redis/link.h"

#include <gtest/gtest.h>

#include "session/redis/command.h"
#include "tests/support/fake_random.h"
#include "tests/support/loopback.h"

namespace {

using gateway::redis::Dialling;
using gateway::redis::Link;
using gateway::redis::Reply;
using gateway::redis::Role;
using gateway::redis::SteadyTime;
using policy::Reason;
using session::redis::Address;
using session::redis::format;
using namespace std::chrono_literals;

const std::string kPing = format({"PING"});
const std::string kGet = format({"GET", "a"});
const std::string kSet = format({"SET", "a", "b"});

// A server in the hands of the test.
class LinkTest : public testing::Test {
protected:
    LinkTest() { settings_.timeout = 100ms; }
    ~LinkTest() override {
        link_.stop();
        EXPECT_TRUE(loop_.run_until([&] { return link_.is_over(); }));
        loop_.settle();
    }

    static session::Task<policy::Result<Address>> where(Address address) { co_return address; }

    support::Peer accepted() {
        std::optional<support::Peer> peer;
        EXPECT_TRUE(loop_.run_until([&] {
            if (auto found = server_.accept()) peer.emplace(std::move(*found));
            return peer.has_value();
        }));
        return std::move(*peer);
    }
    // Waits until exactly that has arrived.
    void expect(support::Peer& peer, const std::string& bytes) {
        std::string arrived;
        EXPECT_TRUE(
            loop_.run_until([&] { return (arrived += peer.take()).size() >= bytes.size(); }));
        EXPECT_EQ(arrived, bytes);
    }
    support::Peer connected() {
        link_.start();
        auto peer = accepted();
        expect(peer, kPing);
        peer.send("+PONG\r\n");
        return peer;
    }
    session::Task<policy::Result<Reply>> ask(std::string command) {
        return link_.ask(std::move(command), std::chrono::steady_clock::now() + settings_.timeout);
    }
    bool is_refused(std::string command) {
        const auto reply = loop_.finish(ask(std::move(command)));
        return !reply && reply.error().reason == Reason::StoreUnavailable;
    }

    support::Loop loop_;
    support::FakeRandom random_;
    support::Server server_;
    session::redis::Settings settings_;
    std::vector<std::string> first_;
    Dialling dialling_{settings_, nullptr, random_, [this] { return first_; }};
    Link link_{loop_.context, dialling_,
               [this] {
                   return where({"127.0.0.1", server_.endpoint().port()});
               },
               Role::Any};
};

TEST_F(LinkTest, LetsTheFirstWaitForTheConnection) {
    link_.start();
    support::Started one(ask(kGet)), other(ask(kSet));
    auto peer = accepted();
    expect(peer, kPing);
    peer.send("+PONG\r\n");
    expect(peer, kGet + kSet);
    peer.send("$1\r\nx\r\n+OK\r\n");

    EXPECT_TRUE(loop_.run_until([&] { return one.is_done() && other.is_done(); }));

    EXPECT_EQ(one.result()->text, "x");
    EXPECT_EQ(other.result()->text, "OK");
}

TEST_F(LinkTest, SaysWhoItIs) {
    settings_.account = {"gate", std::make_shared<const policy::Secret>(std::string("sesame"))};
    settings_.database = 3;
    link_.start();
    auto peer = accepted();

    expect(peer, format({"AUTH", "gate", "sesame"}) + format({"SELECT", "3"}) + kPing);
}

TEST_F(LinkTest, IsRefusedWithAWrongPassword) {
    settings_.account.password = std::make_shared<const policy::Secret>(std::string("wrong"));
    link_.start();
    support::Started asked(ask(kGet));
    auto peer = accepted();
    expect(peer, format({"AUTH", "wrong"}) + kPing);
    peer.send("-WRONGPASS no such pair\r\n-NOAUTH first\r\n");

    EXPECT_TRUE(loop_.run_until([&] { return asked.is_done(); }));

    ASSERT_FALSE(asked.result());
    EXPECT_NE(asked.result().error().context.find("WRONGPASS"), std::string::npos);
    EXPECT_EQ(asked.result().error().context.find("wrong"), std::string::npos) << "no password";
}

TEST_F(LinkTest, RefusesWhenTheServerDoesNotAnswer) {
    auto peer = connected();
    support::Started asked(ask(kGet));

    EXPECT_TRUE(loop_.run_until([&] { return asked.is_done(); }));

    ASSERT_FALSE(asked.result());
    EXPECT_NE(asked.result().error().context.find("in time"), std::string::npos);
    EXPECT_TRUE(is_refused(kGet)) << "and from then on at once";
    EXPECT_TRUE(loop_.run_until([&] { return peer.has_ended(); }))
        << "late answers would be another's";
}

TEST_F(LinkTest, ConnectsAgain) {
    {
        auto peer = connected();
        support::Started asked(ask(kGet));
        expect(peer, kGet);
        peer.send("$1\r\nx\r\n");
        EXPECT_TRUE(loop_.run_until([&] { return asked.is_done(); }));
    }
    auto peer = accepted();
    expect(peer, kPing);
    peer.send("+PONG\r\n");
    support::Started asked(ask(kGet));
    expect(peer, kGet);
    peer.send("$1\r\ny\r\n");

    EXPECT_TRUE(loop_.run_until([&] { return asked.is_done(); }));
    EXPECT_EQ(asked.result()->text, "y");
}

TEST_F(LinkTest, TellsTheServerFirstWhatItMayHaveLost) {
    first_ = {kSet, kGet};
    link_.start();
    support::Started asked(ask(format({"GET", "b"})));
    auto peer = accepted();
    expect(peer, kPing + kSet + kGet);
    peer.send("+PONG\r\n+OK\r\n");
    loop_.settle();
    EXPECT_EQ(peer.take(), "") << "nobody is served before";
    peer.send("-MOVED 1 127.0.0.1:1\r\n");

    expect(peer, format({"GET", "b"}));
    peer.send("$-1\r\n");
    EXPECT_TRUE(loop_.run_until([&] { return asked.is_done(); }));
    EXPECT_TRUE(asked.result()->is_nil());
}

TEST_F(LinkTest, DoesNotServeBeforeTheServerTakesIt) {
    first_ = {kSet};
    link_.start();
    support::Started asked(ask(kGet));
    auto peer = accepted();
    expect(peer, kPing + kSet);
    peer.send("+PONG\r\n-OOM no room\r\n");

    EXPECT_TRUE(loop_.run_until([&] { return asked.is_done(); }));
    EXPECT_FALSE(asked.result());
}

TEST_F(LinkTest, LeavesAServerThatIsNoPrimaryAnyMore) {
    auto peer = connected();
    support::Started asked(ask(kSet));
    expect(peer, kSet);
    peer.send("-READONLY You can't write against a read only replica.\r\n");

    EXPECT_TRUE(loop_.run_until([&] { return asked.is_done(); }));
    EXPECT_TRUE(asked.result()->is_error("READONLY"));
    EXPECT_TRUE(loop_.run_until([&] { return peer.has_ended(); }));
    (void)accepted();
}

TEST_F(LinkTest, SendsWhatCanWaitWithTheNextCommand) {
    auto peer = connected();
    link_.ask_sometime(kSet);
    support::Started asked(ask(kGet));

    expect(peer, kSet + kGet);
    peer.send("+OK\r\n$1\r\nx\r\n");
    EXPECT_TRUE(loop_.run_until([&] { return asked.is_done(); }));
    EXPECT_EQ(asked.result()->text, "x");
}

TEST_F(LinkTest, SendsWhatCanWaitByItselfIfNobodyAsks) {
    auto peer = connected();
    link_.ask_sometime(kSet);
    link_.ask_sometime(kGet);

    expect(peer, kSet + kGet);
    peer.send("+OK\r\n$-1\r\n");
}

TEST_F(LinkTest, EndsAConnectionThatAnswersWhatNobodyAsked) {
    auto peer = connected();
    peer.send("+OK\r\n");

    EXPECT_TRUE(loop_.run_until([&] { return peer.has_ended(); }));
}

TEST_F(LinkTest, RefusesWhatWaitsWhenItStops) {
    auto peer = connected();
    support::Started asked(ask(kGet));
    expect(peer, kGet);

    link_.stop();

    EXPECT_TRUE(loop_.run_until([&] { return asked.is_done(); }));
    EXPECT_FALSE(asked.result());
    EXPECT_TRUE(is_refused(kGet));
}

TEST_F(LinkTest, RefusesWhenNobodyListens) {
    support::BoundSocket closed;
    Link other(
        loop_.context, dialling_,
        [&] {
            return where({"127.0.0.1", closed.endpoint().port()});
        },
        Role::Any);
    other.start();
    const auto deadline = std::chrono::steady_clock::now() + 1s;

    const auto reply = loop_.finish(other.ask(kGet, deadline));

    EXPECT_FALSE(reply);
    other.stop();
    EXPECT_TRUE(loop_.run_until([&] { return other.is_over(); }));
}

}  // namespace
