#include <string>

#include <gtest/gtest.h>

#include "policy/http/head_reader.h"
#include "tests/support/case_file.h"

namespace policy {
namespace {

TEST(ResponseHead, IsReadAsTheTableSays) {
    for (const auto& each : support::read_cases("response_heads.txt")) {
        SCOPED_TRACE(each);
        const auto input = each.text("in");
        ResponseHead head;

        const auto size = read_response_head(input, {}, head);

        if (each.has("fault")) {
            ASSERT_FALSE(size.has_value());
            EXPECT_EQ(size.error().reason, Reason::BackendMalformed);
            EXPECT_EQ(size.error().context, each.text("fault"));
            continue;
        }
        ASSERT_TRUE(size.has_value()) << size.error().context;
        EXPECT_EQ(*size, input.size());
        EXPECT_EQ(std::to_string(head.status), each.text("status"));
        EXPECT_EQ(head.version == Version::Http11 ? "1.1" : "1.0", each.text("version"));
        EXPECT_EQ(std::to_string(head.fields.size()), each.text("fields"));
    }
}

TEST(ResponseHead, TheVerdictDoesNotDependOnHowTheBytesArrive) {
    for (const auto& each : support::read_cases("response_heads.txt")) {
        SCOPED_TRACE(each);
        const auto input = each.text("in");
        ResponseHead head;
        const bool is_good = read_response_head(input, {}, head).has_value();

        for (std::size_t size = 0; size < input.size(); ++size) {
            const auto part = std::string_view(input).substr(0, size);
            const auto read = read_response_head(part, {}, head);
            if (is_good) {
                EXPECT_EQ(read.value(), 0U) << size;
            }
        }
    }
}

TEST(ResponseHead, LimitsHoldForBackendsToo) {
    const std::string input = "HTTP/1.1 200 OK\r\nA: bcdefghijklmnop\r\n\r\n";
    ResponseHead head;

    for (const auto& limits : {HeadLimits{.line = 12}, HeadLimits{.line = 16},
                               HeadLimits{.total = 30}, HeadLimits{.fields = 0}}) {
        const auto size = read_response_head(input, limits, head);
        ASSERT_FALSE(size.has_value());
        EXPECT_EQ(size.error().reason, Reason::BackendMalformed);
    }
}

}  // namespace
}  // namespace policy
