#include "gateway/io/http1_writer.h"

#include <gtest/gtest.h>

#include "tests/support/heads.h"

namespace gateway {
namespace {

using Kind = policy::Framing::Kind;

TEST(Http1Writer, WritesARequest) {
    std::string out;
    append_request_head(out, policy::Method::Post, "/a?b", support::fields({{"Host", "app.test"}}),
                        {Kind::Length, 5});

    EXPECT_EQ(out, "POST /a?b HTTP/1.1\r\nHost: app.test\r\nContent-Length: 5\r\n\r\n");
}

TEST(Http1Writer, WritesAResponse) {
    std::string out;
    append_response_head(out, 200, support::fields({{"A", "b"}}), {Kind::Chunked, 0},
                         Persistence::Close);

    EXPECT_EQ(out,
              "HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
}

TEST(Http1Writer, SaysNothingAboutABodyThatIsNone) {
    std::string out;
    append_response_head(out, 204, {}, {}, Persistence::Default);

    EXPECT_EQ(out, "HTTP/1.1 204 No Content\r\n\r\n");
}

TEST(Http1Writer, WritesChunks) {
    std::string out;
    append_chunk(out, std::string(26, 'x'));

    EXPECT_EQ(out, "1a\r\n" + std::string(26, 'x') + "\r\n");
}

}  // namespace
}  // namespace gateway
