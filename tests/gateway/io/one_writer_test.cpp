#include <string>

#include <gtest/gtest.h>

#include "gateway/io/http1_client.h"
#include "tests/support/run_task.h"
#include "tests/support/wire.h"

// The upload of a request and the answer to it run side by side on one connection. Whatever the
// client does not take at once, it reads one message after the other.

namespace gateway {
namespace {

using std::chrono::seconds;

const std::string kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
const std::string kAnswer =
    "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig";

struct OneWriter : testing::Test {
    support::Wire wire;
    PlainStream stream{wire.connect(), wire.wheel};
    ClientLimits limits{{}, seconds(60), seconds(60), seconds(60)};
    Http1Client client{stream, wire.buffers(), limits, policy::IpAddress::v4({192, 0, 2, 7})};
    std::size_t junk = 0;
    std::optional<policy::Reason> upload;  // How it ended.
    bool answered = false;

    // An upload that still waits is to end before the client that it reads from.
    void TearDown() override { client.abandon_body(); }

    void ask() {
        wire.peer.send(
            "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
        ASSERT_TRUE(*support::run(client.read_head()));
    }

    // The client has stopped reading: nothing more can be written.
    void block() {
        const std::string more(4096, 'j');
        for (auto sent = stream.try_write(more); sent.bytes > 0; sent = stream.try_write(more))
            junk += sent.bytes;
    }

    // Everything that was written behind the junk.
    std::string unblock() {
        std::string text;
        const auto take = [&] { return text.append(wire.peer.take()); };
        EXPECT_TRUE(wire.run_until([&] { return take(), answered; }));
        return take().substr(junk);
    }

    Task<void> read_body() {
        const auto piece = co_await client.read_body();
        upload = piece ? policy::Reason::None : piece.error().reason;
    }

    Task<void> answer() {
        client.write_head(413, {}, {policy::Framing::Kind::Length, 3});
        const auto written = co_await client.write_body("big");
        EXPECT_TRUE(written);
        const auto finished = co_await client.finish();
        EXPECT_TRUE(finished);
        answered = true;
    }
};

TEST_F(OneWriter, AnAnswerWaitsBehindTheContinueThatIsUnderWay) {
    ask();
    block();
    session::spawn(read_body());
    client.close_after_answer();
    session::spawn(answer());

    const auto text = unblock();

    EXPECT_EQ(text, kContinue + kAnswer);
}

TEST_F(OneWriter, AContinueIsNotSaidBehindTheAnswer) {
    ask();
    client.close_after_answer();
    session::spawn(answer());
    session::spawn(read_body());

    EXPECT_EQ(wire.peer.take(), kAnswer);
}

TEST_F(OneWriter, AnAbandonedBodyEndsTheContinueThatIsUnderWay) {
    ask();
    block();
    session::spawn(read_body());
    ASSERT_FALSE(upload);

    client.abandon_body();

    EXPECT_EQ(upload, policy::Reason::ClientClosed);
    session::spawn(answer());
    EXPECT_EQ(unblock(), kContinue + kAnswer);
}

TEST_F(OneWriter, AContinueThatNobodyWaitsForIsSaidAtOnce) {
    ask();

    session::spawn(read_body());

    EXPECT_EQ(wire.peer.take(), kContinue);
    wire.peer.send("some body");
    EXPECT_TRUE(wire.run_until([this] { return upload.has_value(); }));
    EXPECT_EQ(upload, policy::Reason::None);
}

}  // namespace
}  // namespace gateway
