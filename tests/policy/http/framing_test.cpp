#include "policy/http/framing.h"

#include <string>

#include <gtest/gtest.h>

#include "policy/http/head_reader.h"
#include "tests/support/case_file.h"

namespace policy {
namespace {

std::string text_of(const Framing& framing) {
    switch (framing.kind) {
        case Framing::Kind::None:
            return "none";
        case Framing::Kind::Length:
            return std::to_string(framing.length);
        case Framing::Kind::Chunked:
            return "chunked";
        case Framing::Kind::UntilClose:
            return "close";
    }
    return {};
}

// Through the head reader, as in life: some lengths are refused there already.
Result<Framing> read_request_framing(const support::Case& each) {
    const auto version = each.has("version") ? each.text("version") : "1.1";
    const auto input = "POST / HTTP/" + version + "\r\n" + each.text("fields") + "\r\n";
    RequestHead head;
    const auto size = read_request_head(input, {}, head);
    if (!size) return tl::unexpected(size.error());
    return request_framing(head);
}

// HTP-001, HTP-002
TEST(RequestFraming, IsAsTheTableSays) {
    for (const auto& each : support::read_cases("request_framing.txt")) {
        SCOPED_TRACE(each);

        const auto framing = read_request_framing(each);

        if (each.has("refused")) {
            ASSERT_FALSE(framing.has_value()) << text_of(*framing);
            EXPECT_EQ(word(framing.error().reason), each.text("refused"));
        } else {
            ASSERT_TRUE(framing.has_value()) << word(framing.error().reason);
            EXPECT_EQ(text_of(*framing), each.text("body"));
        }
    }
}

// HTP-013
TEST(ResponseFraming, IsAsTheTableSays) {
    for (const auto& each : support::read_cases("response_framing.txt")) {
        SCOPED_TRACE(each);
        const auto status = each.has("status") ? each.text("status") : "200";
        const auto input = "HTTP/1.1 " + status + "\r\n" + each.text("fields") + "\r\n";
        ResponseHead head;
        ASSERT_TRUE(read_response_head(input, {}, head));
        const auto request = each.text("request") == "HEAD" ? Method::Head : Method::Get;

        const auto framing = response_framing(head, request);

        if (each.has("fault")) {
            ASSERT_FALSE(framing.has_value()) << text_of(*framing);
            EXPECT_EQ(framing.error().reason, Reason::BackendMalformed);
            EXPECT_EQ(framing.error().context, each.text("fault"));
        } else {
            ASSERT_TRUE(framing.has_value()) << framing.error().context;
            EXPECT_EQ(text_of(*framing), each.text("body"));
        }
    }
}

}  // namespace
}  // namespace policy
