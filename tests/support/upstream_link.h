#pragma once

// An Http1Upstream and the backend at the other end of its connection.

#include <memory>
#include <optional>

#include <gtest/gtest.h>

#include "gateway/io/http1_upstream.h"
#include "tests/support/loop.h"
#include "tests/support/peer.h"
#include "tests/support/permit.h"

namespace support {

inline constexpr std::string_view kHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

inline session::Task<policy::Result<void>> ignore_interim(const policy::ResponseHead&) {
    co_return policy::ok();
}

struct UpstreamLink : testing::Test {
    static constexpr policy::Duration kNow{0};  // A timeout that is over at the next tick.

    Loop loop;
    policy::Backend backend;
    std::optional<Peer> other_end;
    std::unique_ptr<gateway::Http1Upstream> upstream;

    UpstreamLink() { connect_anew(); }

    [[nodiscard]] Peer& peer() { return *other_end; }

    void connect_anew() {
        auto ends = make_ends(loop);
        auto stream = std::make_unique<gateway::PlainStream>(std::move(ends.ours), loop.wheel);
        upstream =
            std::make_unique<gateway::Http1Upstream>(std::move(stream), loop.buffers(), backend);
        other_end.emplace(std::move(ends.theirs));
    }

    void send(policy::Method method = policy::Method::Get, const policy::Framing& framing = {},
              std::string_view body = {}) {
        const Permission permission(method);
        ASSERT_TRUE(loop.finish(upstream->send(permission.permit(), {}, framing, body)));
    }

    policy::Result<const policy::ResponseHead*> read_head() {
        return loop.finish(upstream->read_head(ignore_interim));
    }

    // Sends a request that is answered by `answer`; returns its head.
    const policy::ResponseHead* ask(std::string_view answer) {
        send();
        peer().send(answer);
        const auto head = read_head();
        EXPECT_TRUE(head) << answer;
        return head.value_or(nullptr);
    }

    std::string read_whole_body() {
        std::string body;
        for (;;) {
            const auto piece = loop.finish(upstream->read_body());
            if (!piece) return "error: " + std::string(policy::word(piece.error().reason));
            if (piece->empty()) return body;
            body += *piece;
        }
    }

    // A whole exchange: a request answered by `answer`.
    std::string exchange(std::string_view answer) {
        ask(answer);
        return read_whole_body();
    }
};

}  // namespace support
