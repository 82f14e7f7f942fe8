#include <array>

#include <gtest/gtest.h>

#include "gateway/io/tls_stream.h"
#include "gateway/tls/server_context.h"
#include "tests/support/run_task.h"
#include "tests/support/wire.h"

// The kernel gives the number of a closed descriptor to whoever comes next: another client, a
// backend. What still holds the closed stream must not touch it.

namespace gateway {
namespace {

using Kind = Stream::Progress::Kind;
using std::chrono::seconds;

struct ClosedStream : testing::Test {
    support::Wire wire;
    TlsContext context{SSL_CTX_new(TLS_server_method())};

    // Closes `stream` and lets a stranger have its number, with bytes to read for whoever looks.
    // The stranger's other end.
    support::Descriptor reuse(Stream& stream, support::Descriptor& stranger) {
        const int number = stream.socket().descriptor();
        auto [ours, theirs] = support::make_pair();
        stream.close();
        EXPECT_EQ(::dup2(ours.number(), number), number);
        std::destroy_at(&stranger);
        std::construct_at(&stranger, number);
        theirs.send("for the stranger");
        return std::move(theirs);
    }

    void expect_untouched(Stream& stream) {
        support::Descriptor stranger{-1};
        const auto other = reuse(stream, stranger);
        std::array<char, 64> space;

        EXPECT_EQ(stream.try_read(space).kind, Kind::Failed);
        EXPECT_EQ(stream.try_write("from the grave").kind, Kind::Failed);
        EXPECT_FALSE(support::run(stream.read(space, seconds(1))));
        EXPECT_FALSE(support::run(stream.write("from the grave", seconds(1))));
        stream.end_writing();

        EXPECT_EQ(stranger.take(), "for the stranger");
        EXPECT_EQ(other.take(), "");
        stranger.send("still open");
        EXPECT_EQ(other.take(), "still open");
    }
};

TEST_F(ClosedStream, OfTlsTouchesNoDescriptor) {
    TlsStream stream(wire.connect(), wire.wheel, *context);

    expect_untouched(stream);
}

TEST_F(ClosedStream, OfTlsShakesNoHands) {
    TlsStream stream(wire.connect(), wire.wheel, *context);
    support::Descriptor stranger{-1};
    const auto other = reuse(stream, stranger);

    EXPECT_FALSE(support::run(stream.handshake(seconds(1))));

    EXPECT_EQ(stranger.take(), "for the stranger");
}

TEST_F(ClosedStream, OfTcpTouchesNoDescriptor) {
    PlainStream stream(wire.connect(), wire.wheel);

    expect_untouched(stream);
}

}  // namespace
}  // namespace gateway
