#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "gateway/io/http1_client.h"
#include "gateway/io/http1_upstream.h"
#include "policy/decide.h"
#include "tests/support/heads.h"
#include "tests/support/policy_parts.h"
#include "tests/support/run_task.h"
#include "tests/support/wire.h"

// A head that fills the buffer leaves a body the room it needs to come in more than crumbs.

namespace gateway {
namespace {

using std::chrono::seconds;

constexpr std::size_t kEnough = std::size_t{8} * 1024;

struct Room : testing::Test {
    SlabPool pool;
    Input input{pool};

    std::string_view add(const std::string& bytes) {
        std::ranges::copy(bytes, input.space().begin());
        input.added(bytes.size());
        return input.unread();
    }
};

TEST_F(Room, IsMadeBehindAHeadThatStaysWhereItIs) {
    const std::string head(Slab::kBytes - 4, 'h');
    const auto view = add(head + "body").substr(0, head.size());
    input.use(head.size());

    const auto keep = input.make_room(input.position());

    EXPECT_EQ(input.unread(), "body");
    EXPECT_GE(input.space().size(), kEnough);
    EXPECT_EQ(view, head);
    input.use(4);
    EXPECT_GE(input.space().size(), kEnough);
    EXPECT_EQ(input.make_room(keep), keep);
    EXPECT_EQ(view, head);
}

TEST_F(Room, BehindASmallHeadIsInTheSameBuffer) {
    add("head" + std::string(Slab::kBytes - 4, 'x'));
    input.use(4);
    const auto keep = input.position();
    input.use(Slab::kBytes - 6);

    EXPECT_EQ(input.make_room(keep), keep);

    EXPECT_EQ(input.unread(), "xx");
    EXPECT_EQ(input.position(), keep);
    EXPECT_EQ(input.space().size(), Slab::kBytes - keep - 2);
}

TEST_F(Room, WhatFollowsOutlivesTheHead) {
    add(std::string(Slab::kBytes - 4, 'h') + "next");
    input.use(Slab::kBytes - 4);
    std::ignore = input.make_room(input.position());

    input.forget_head();

    EXPECT_EQ(input.unread(), "next");
    EXPECT_EQ(input.position(), 0u);
}

TEST(EmptySpan, IsAnErrorAndNotTheEndOfAStream) {
    support::Wire wire;
    PlainStream stream(wire.connect(), wire.wheel);
    wire.peer.send("more");

    EXPECT_FALSE(support::run(stream.read({}, seconds(1))));
}

// A request or response whose head has exactly `size` bytes.
std::string head_of(std::size_t size, std::string text) {
    constexpr std::size_t kLine = 8000;
    while (text.size() + 2 < size) {
        const auto left = size - 2 - text.size();
        const auto line = left > kLine + 100 ? kLine : std::min(left, kLine + 100);
        text.append("A: ").append(line - 5, 'x').append("\r\n");
    }
    return text + "\r\n";
}

TEST(LargestHead, OfARequestLeavesRoomForItsBody) {
    support::Wire wire;
    PlainStream stream(wire.connect(), wire.wheel);
    const ClientLimits limits{{}, seconds(9), seconds(9), seconds(9)};
    Http1Client client(stream, wire.buffers(), limits, policy::IpAddress::v4({192, 0, 2, 7}));
    const auto head =
        head_of(limits.head.total, "POST /page HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n");
    wire.peer.send(head);
    ASSERT_TRUE(*support::run(client.read_head()));

    wire.peer.send(std::string(20000, 'b'));

    EXPECT_GE(support::run(client.read_body())->size(), kEnough);
    EXPECT_EQ(client.head().target, "/page");
}

struct LargestAnswer : testing::Test {
    support::Wire wire;
    policy::Backend backend;
    Http1Upstream upstream{std::make_unique<PlainStream>(wire.connect(), wire.wheel),
                           wire.buffers(), backend};
    int interims = 0;

    policy::Result<const policy::ResponseHead*> ask() {
        const auto request = support::head(policy::Method::Get, "/page");
        const auto facts = support::facts(request);
        const auto route = support::public_route();
        const auto decision = policy::decide(facts, {}, route, {}, support::kNow);
        EXPECT_TRUE(support::run(upstream.send(std::get<policy::Permit>(decision), {}, {}, {})));
        return support::run(upstream.read_head([this](const auto&) { return count(); }));
    }

    Task<policy::Result<void>> count() {
        ++interims;
        co_return policy::ok();
    }
};

TEST_F(LargestAnswer, LeavesRoomForItsBody) {
    wire.peer.send(head_of(Slab::kBytes - 1, "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n"));
    ASSERT_TRUE(ask());

    wire.peer.send(std::string(20000, 'b'));

    EXPECT_GE(support::run(upstream.read_body())->size(), kEnough);
}

TEST_F(LargestAnswer, MayFollowInterimOnes) {
    std::string answer;
    for (int i = 0; i < 5; ++i) answer += head_of(20000, "HTTP/1.1 103 Early Hints\r\n");
    wire.peer.send(answer + head_of(Slab::kBytes - 1, "HTTP/1.1 204 No Content\r\n"));

    const auto head = ask();

    ASSERT_TRUE(head) << head.error().context;
    EXPECT_EQ((*head)->status, 204);
    EXPECT_EQ(interims, 5);
}

}  // namespace
}  // namespace gateway
