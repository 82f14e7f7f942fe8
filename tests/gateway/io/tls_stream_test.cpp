#include "gateway/io/tls_stream.h"

#include <array>

#include <gtest/gtest.h>

#include "tests/support/tls_link.h"

namespace gateway {
namespace {

using Kind = Stream::Progress::Kind;
using policy::Reason;

constexpr policy::Duration kNow{0};
constexpr policy::Duration kLong = std::chrono::hours(1);

struct TlsStreamTest : testing::Test {
    support::Loop loop;
    support::TlsLink link{loop, server_context(), client_context()};
    TlsStream& stream = link.stream;
    support::TlsClient& client = link.client;
    std::array<char, 1024> buffer{};

    // Made once: that takes longer than a handshake.
    static SSL_CTX& server_context() {
        static support::TlsServer server;
        static const TlsContext context = server.context().value();
        return *context;
    }
    static SSL_CTX& client_context() {
        static const auto context = support::make_client_context();
        return *context;
    }

    std::string_view read(std::size_t bytes) const { return {buffer.data(), bytes}; }
    Stream::Progress read_when_ready() {
        auto progress = stream.try_read(buffer);
        EXPECT_TRUE(loop.run_until([&] {
            if (progress.kind == Kind::WantRead) progress = stream.try_read(buffer);
            return progress.kind != Kind::WantRead;
        }));
        return progress;
    }
};

TEST_F(TlsStreamTest, AgreesWithAClient) {
    EXPECT_TRUE(link.shake());
}

TEST_F(TlsStreamTest, AgreesWithAClientThatKnowsOnlyTls12) {
    SSL_set_max_proto_version(client.ssl(), TLS1_2_VERSION);

    EXPECT_TRUE(link.shake());
}

TEST_F(TlsStreamTest, WhatIsNotTlsFails) {
    link.peer.send("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n");

    const auto shaken = loop.finish(stream.handshake(kLong));

    EXPECT_EQ(shaken.error().reason, Reason::ClientClosed);
}

TEST_F(TlsStreamTest, AClientThatSaysNothingRunsOutOfTime) {
    EXPECT_EQ(loop.finish(stream.handshake(kNow)).error().reason, Reason::Timeout);
}

TEST_F(TlsStreamTest, AClientThatLeavesWithinTheHandshakeFails) {
    support::Started shaking(stream.handshake(kLong));
    client.shake();
    link.peer.end_writing();

    ASSERT_TRUE(loop.run_until([&] { return shaking.is_done(); }));
    EXPECT_EQ(shaking.result().error().reason, Reason::ClientClosed);
}

TEST_F(TlsStreamTest, CarriesBytesBothWays) {
    ASSERT_TRUE(link.shake());
    client.write("question");
    const auto asked = loop.finish(stream.read(buffer, kLong));
    ASSERT_TRUE(loop.finish(stream.write("answer", kLong)));

    EXPECT_EQ(read(*asked), "question");
    EXPECT_EQ(client.read(), "answer");
}

TEST_F(TlsStreamTest, ReadsWhatArrivesWithTheEndOfTheHandshake) {
    client.hold_finished();
    support::Started shaking(stream.handshake(kLong));
    ASSERT_TRUE(loop.run_until([&] { return client.shake(); }));
    ASSERT_FALSE(shaking.is_done());

    client.write("early bird");

    ASSERT_TRUE(loop.run_until([&] { return shaking.is_done(); }));
    EXPECT_EQ(read(stream.try_read(buffer).bytes), "early bird");
}

TEST_F(TlsStreamTest, WantsToWaitWhenNothingIsHere) {
    ASSERT_TRUE(link.shake());

    EXPECT_EQ(stream.try_read(buffer).kind, Kind::WantRead);
}

TEST_F(TlsStreamTest, WriteSendsEverythingThroughASmallBuffer) {
    ASSERT_TRUE(link.shake());
    support::limit_buffers(stream.socket().descriptor(), 4096);
    const std::string all(std::size_t{256} * 1024, 'x');
    support::Started writing(stream.write(all, kLong));
    ASSERT_FALSE(writing.is_done());

    std::string arrived;
    ASSERT_TRUE(loop.run_until([&] {
        arrived += client.read();
        return writing.is_done();
    }));

    EXPECT_TRUE(writing.result());
    EXPECT_EQ(arrived + client.read(), all);
}

TEST_F(TlsStreamTest, WriteMayGoOnFromAnotherPlaceInMemory) {
    ASSERT_TRUE(link.shake());
    support::limit_buffers(stream.socket().descriptor(), 4096);
    const std::string block(std::size_t{16} * 1024, 'x');
    while (stream.try_write(block).kind == Kind::Done) continue;

    const std::string moved = block;

    auto progress = stream.try_write(moved);
    EXPECT_TRUE(loop.run_until([&] {
        client.read();
        if (progress.kind == Kind::WantWrite) progress = stream.try_write(moved);
        return progress.kind != Kind::WantWrite;
    }));
    EXPECT_EQ(progress.kind, Kind::Done);
}

TEST_F(TlsStreamTest, CloseNotifyIsTheEnd) {
    ASSERT_TRUE(link.shake());
    client.write("last");
    client.close_notify();

    EXPECT_EQ(read(read_when_ready().bytes), "last");
    EXPECT_EQ(read_when_ready().kind, Kind::End);
}

// Requests tell their own length, so an end that might be an attacker's cuts nothing short
// unnoticed; SSL_OP_IGNORE_UNEXPECTED_EOF keeps sloppy clients from looking broken.
TEST_F(TlsStreamTest, AnEndWithoutCloseNotifyIsAnEndToo) {
    ASSERT_TRUE(link.shake());

    link.peer.end_writing();

    EXPECT_EQ(read_when_ready().kind, Kind::End);
}

TEST_F(TlsStreamTest, AResetIsAFailure) {
    ASSERT_TRUE(link.shake());
    ASSERT_EQ(stream.try_write("never read").kind, Kind::Done);

    link.peer.close();

    EXPECT_EQ(read_when_ready().kind, Kind::Failed);
}

TEST_F(TlsStreamTest, BytesThatNobodyEncryptedFail) {
    ASSERT_TRUE(link.shake());

    constexpr std::size_t kBytes = 32;
    link.peer.send(std::string{0x17, 3, 3, 0, kBytes} + std::string(kBytes, 'x'));

    EXPECT_EQ(read_when_ready().kind, Kind::Failed);
}

TEST_F(TlsStreamTest, WritingToAClientThatLeftFails) {
    ASSERT_TRUE(link.shake());

    link.peer.close();

    EXPECT_EQ(stream.try_write("x").kind, Kind::Failed);
}

TEST_F(TlsStreamTest, EndOfWritingIsSaidByCloseNotify) {
    ASSERT_TRUE(link.shake());

    stream.end_writing();

    EXPECT_EQ(client.read(), "");
    EXPECT_TRUE(client.got_close_notify());
    EXPECT_TRUE(link.peer.has_ended());
}

TEST_F(TlsStreamTest, AfterTheEndOfWritingTheClientIsStillHeard) {
    ASSERT_TRUE(link.shake());
    stream.end_writing();

    client.write("more");

    EXPECT_EQ(read(read_when_ready().bytes), "more");
}

TEST_F(TlsStreamTest, EndOfWritingBeforeTheHandshakeSaysNothing) {
    stream.end_writing();

    EXPECT_EQ(link.peer.take(), "");
    EXPECT_TRUE(link.peer.has_ended());
}

TEST_F(TlsStreamTest, AClosedStreamFails) {
    ASSERT_TRUE(link.shake());
    stream.close();

    EXPECT_EQ(stream.try_read(buffer).kind, Kind::Failed);
    EXPECT_EQ(stream.try_write("x").kind, Kind::Failed);
}

// OpenSSL keeps the number of the descriptor, which the kernel gives to whoever opens one next.
TEST_F(TlsStreamTest, AClosedStreamWritesIntoNobodyElsesConnection) {
    ASSERT_TRUE(link.shake());
    const int number = stream.socket().descriptor();
    stream.close();
    auto others = support::make_ends(loop);
    ASSERT_EQ(others.ours.native_handle(), number);

    EXPECT_EQ(stream.try_write("secret").kind, Kind::Failed);
    stream.end_writing();

    EXPECT_EQ(others.theirs.take(), "");
    EXPECT_FALSE(others.theirs.has_ended());
}

TEST_F(TlsStreamTest, AClosedStreamReadsFromNobodyElsesConnection) {
    ASSERT_TRUE(link.shake());
    const int number = stream.socket().descriptor();
    stream.close();
    auto others = support::make_ends(loop);
    ASSERT_EQ(others.ours.native_handle(), number);
    others.theirs.send("for others");

    EXPECT_EQ(stream.try_read(buffer).kind, Kind::Failed);

    EXPECT_EQ(::recv(number, buffer.data(), buffer.size(), 0), 10);
}

}  // namespace
}  // namespace gateway
