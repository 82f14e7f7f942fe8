#include "session/codec.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/session/fixtures.h"

namespace {

using namespace fixtures;

session::Session full() {
    auto session = user("alice");
    session.authentication->rights = session::SharedRights({policy::LoginName("form"), {"a", ""}});
    session.ids.generation = 300;
    session.ids.incarnation = 2;
    session.ids.current.fill(7);
    session::Ids::Former former;
    former.digests[0].fill(1);
    former.nonce.emplace().fill(2);
    session.ids.former = former;
    session.ids.offer = session::Ids::Offer{{}, session::Nonce{9}};
    session.cookie_issued = kStart + 1ms;
    session.needs_step_up = true;
    session.jar = 3;
    session.environment.last = client(*policy::IpAddress::parse("2001:db8::1"));
    policy::PendingLogin pending;
    pending.identity = {policy::UserName("bob"), policy::LoginName("other"), {"g"}};
    pending.target = "/home?x";
    pending.until = kStart + 1min;
    session.pending = pending;
    session.vault.apply("SID=1; Max-Age=60; Path=/x", {"wiki", "wiki.example.org", "/"}, kStart,
                        {});
    session.vault.apply("b=2; Domain=example.org", {"wiki", "wiki.example.org", "/"}, kStart, {});
    return session;
}

TEST(Codec, GivesBackWhatWasWritten) {
    for (const auto& session : {stranger(), user(), full()})
        EXPECT_EQ(session::decode(session::encode(session)), session);
}

TEST(Codec, RefusesWhatIsCutOffOrGoesOn) {
    const auto bytes = session::encode(full());
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(session::decode(bytes.substr(0, size))) << size;
    EXPECT_FALSE(session::decode(bytes + '\0'));
}

TEST(Codec, RefusesAnotherVersion) {
    auto bytes = session::encode(user());
    bytes[0] = 2;
    EXPECT_FALSE(session::decode(bytes));
}

// What can be read is written in the same bytes: there is one form.
TEST(Codec, ReadsAnyBytesOrNone) {
    const auto good = session::encode(full());
    EXPECT_TRUE(rc::check([&](std::vector<std::pair<std::uint16_t, char>> changes) {
        auto bytes = good;
        for (const auto& [place, byte] : changes) bytes[place % bytes.size()] = byte;
        const auto session = session::decode(bytes);
        if (!session) return;
        RC_ASSERT(session::decode(session::encode(*session)) == session);
    }));
}

}  // namespace
