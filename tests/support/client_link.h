#pragma once

// An Http1Client and the browser at the other end of its connection.

#include <gtest/gtest.h>

#include "gateway/io/http1_client.h"
#include "tests/support/loop.h"
#include "tests/support/peer.h"
#include "tests/support/policy_parts.h"

namespace support {

inline constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: app.test\r\n\r\n";

struct ClientLink : testing::Test {
    static constexpr policy::Duration kNow{0};  // A timeout that is over at the next tick.
    static constexpr policy::Duration kLong = std::chrono::hours(1);

    Loop loop;
    Ends ends = make_ends(loop);
    Peer& peer = ends.theirs;
    gateway::PlainStream stream{std::move(ends.ours), loop.wheel};
    gateway::ClientLimits limits{{}, kLong, kLong, kLong};
    gateway::Http1Client client{stream, loop.buffers(), limits, address("192.0.2.7")};

    ClientLink() {
        // Whole answers fit, so that the tests need no second thread to read them.
        limit_buffers(stream.socket().descriptor(), 512 * 1024);
    }

    policy::Result<bool> read_head() { return loop.finish(client.read_head()); }

    void ask(std::string_view request) {
        peer.send(request);
        const auto read = read_head();
        ASSERT_TRUE(read && *read) << request;
    }

    void write(std::string_view bytes) { ASSERT_TRUE(loop.finish(client.write_body(bytes))); }
    void finish() { ASSERT_TRUE(loop.finish(client.finish())); }

    void answer(std::string_view body) {
        client.write_head(200, {}, {policy::Framing::Kind::Length, body.size()});
        write(body);
        finish();
    }

    std::string read_whole_body() {
        std::string body;
        for (;;) {
            const auto piece = loop.finish(client.read_body());
            if (!piece) return "error: " + std::string(policy::word(piece.error().reason));
            if (piece->empty()) return body;
            body += *piece;
        }
    }
};

}  // namespace support
