#include "policy/http/head_reader.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/case_file.h"

namespace policy {
namespace {

using support::Case;

Reason reason_of(const Result<std::size_t>& result) {
    return result ? Reason::None : result.error().reason;
}

Result<std::size_t> read(std::string_view input, const HeadLimits& limits = {}) {
    RequestHead head;
    return read_request_head(input, limits, head);
}

std::string text_of(Version version) {
    return version == Version::Http11 ? "1.1" : "1.0";
}

void expect_head(const Case& each, const RequestHead& head) {
    if (each.has("method")) {
        EXPECT_EQ(name(head.method), each.text("method"));
    }
    if (each.has("target")) {
        EXPECT_EQ(head.target, each.text("target"));
    }
    if (each.has("version")) {
        EXPECT_EQ(text_of(head.version), each.text("version"));
    }
    if (each.has("fields")) {
        EXPECT_EQ(std::to_string(head.fields.size()), each.text("fields"));
    }
    if (each.has("value")) {
        ASSERT_NE(head.fields.find("a"), nullptr);
        EXPECT_EQ(head.fields.find("a")->value, each.text("value"));
    }
}

TEST(RequestHead, IsReadAsTheTableSays) {
    for (const auto& each : support::read_cases("request_heads.txt")) {
        SCOPED_TRACE(each);
        const auto input = each.text("in");
        RequestHead head;

        const auto size = read_request_head(input, {}, head);

        if (each.has("refused")) {
            EXPECT_EQ(word(reason_of(size)), each.text("refused"));
            continue;
        }
        ASSERT_TRUE(size.has_value()) << word(size.error().reason);
        EXPECT_GT(*size, 0U);
        if (each.has("size")) {
            EXPECT_EQ(std::to_string(*size), each.text("size"));
        }
        expect_head(each, head);
    }
}

// Whatever way the bytes arrive, the verdict is the same in the end, and never changes back.
TEST(RequestHead, TheVerdictDoesNotDependOnHowTheBytesArrive) {
    for (const auto& each : support::read_cases("request_heads.txt")) {
        SCOPED_TRACE(each);
        const auto input = each.text("in");
        const auto whole = read(input);

        for (std::size_t size = 0; size < input.size(); ++size) {
            const auto part = read(std::string_view(input).substr(0, size));
            if (!part) {
                EXPECT_FALSE(whole.has_value()) << size;
            } else if (*part > 0) {
                EXPECT_EQ(whole.value(), *part) << size;
            }
        }
    }
}

TEST(RequestHead, EveryByteOfAValueIsJudgedWhereverItStands) {
    for (int byte = 0; byte < 256; ++byte) {
        const bool is_allowed = byte == '\t' || (byte >= ' ' && byte != 0x7F);
        for (std::size_t at = 0; at < 20; ++at) {
            std::string value(20, 'v');
            value[at] = static_cast<char>(byte);

            const auto size = read("GET / HTTP/1.1\r\nA: " + value + "\r\n\r\n");

            EXPECT_EQ(size.has_value(), is_allowed) << byte << " at " << at;
        }
    }
}

TEST(RequestHead, EveryByteOfANameIsJudged) {
    const std::string_view others = "!#$%&'*+-.^_`|~";
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        const bool is_alnum =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        const bool is_allowed = is_alnum || c == ':' || others.find(c) != std::string_view::npos;

        const auto size = read(std::string("GET / HTTP/1.1\r\nA") + c + "b: v\r\n\r\n");

        EXPECT_EQ(size.has_value(), is_allowed) << byte;
    }
}

TEST(RequestHead, AListThatIsReadAgainForgetsWhatItHeld) {
    RequestHead head;
    ASSERT_TRUE(read_request_head("GET / HTTP/1.1\r\nA: b\r\n", {}, head));

    ASSERT_TRUE(read_request_head("GET / HTTP/1.1\r\nC: d\r\n\r\n", {}, head));

    EXPECT_EQ(head.fields.size(), 1U);
    EXPECT_EQ(head.fields.find("a"), nullptr);
}

// --- Limits (HTP-007): each is fine at its value and refused one beyond it. ---

TEST(RequestHead, ATargetMayBeAsLongAsTheLimit) {
    const HeadLimits limits{.target = 10};

    EXPECT_EQ(reason_of(read("GET /123456789 HTTP/1.1\r\n\r\n", limits)), Reason::None);
    EXPECT_EQ(reason_of(read("GET /1234567890 HTTP/1.1\r\n\r\n", limits)), Reason::TargetTooLong);
}

TEST(RequestHead, ATargetThatIsTooLongIsRefusedBeforeItEnds) {
    const HeadLimits limits{.target = 10};

    EXPECT_EQ(read("GET /123456789", limits).value(), 0U);
    EXPECT_EQ(reason_of(read("GET /1234567890", limits)), Reason::TargetTooLong);
}

TEST(RequestHead, AFieldLineMayBeAsLongAsTheLimit) {
    const HeadLimits limits{.line = 10};

    EXPECT_EQ(reason_of(read("GET / HTTP/1.1\r\nA: 3456789\r\n\r\n", limits)), Reason::None);
    EXPECT_EQ(reason_of(read("GET / HTTP/1.1\r\nA: 34567890\r\n\r\n", limits)),
              Reason::HeadTooLarge);
}

TEST(RequestHead, AFieldLineThatIsTooLongIsRefusedBeforeItEnds) {
    const HeadLimits limits{.line = 10};

    EXPECT_EQ(read("GET / HTTP/1.1\r\nA: 3456789\r", limits).value(), 0U);
    EXPECT_EQ(reason_of(read("GET / HTTP/1.1\r\nA: 34567890", limits)), Reason::HeadTooLarge);
    EXPECT_EQ(reason_of(read("GET / HTTP/1.1\r\nABCDEFGHIJK", limits)), Reason::HeadTooLarge);
}

TEST(RequestHead, AHeadMayHaveAsManyFieldsAsTheLimit) {
    const HeadLimits limits{.fields = 2};

    EXPECT_EQ(reason_of(read("GET / HTTP/1.1\r\nA: b\r\nC: d\r\n\r\n", limits)), Reason::None);
    EXPECT_EQ(reason_of(read("GET / HTTP/1.1\r\nA: b\r\nC: d\r\nE", limits)),
              Reason::TooManyFields);
}

TEST(RequestHead, AHeadMayBeAsLargeAsTheLimit) {
    const std::string head = "GET / HTTP/1.1\r\nA: b\r\n\r\n";

    EXPECT_EQ(read(head + "body", {.total = head.size()}).value(), head.size());
    EXPECT_EQ(reason_of(read(head, {.total = head.size() - 1})), Reason::HeadTooLarge);
}

TEST(RequestHead, AHeadThatCannotEndInTimeIsRefusedBeforeItEnds) {
    const std::string part = "GET / HTTP/1.1\r\nA: bbbb";

    EXPECT_EQ(read(part, {.total = part.size() + 1}).value(), 0U);
    EXPECT_EQ(reason_of(read(part, {.total = part.size()})), Reason::HeadTooLarge);
}

}  // namespace
}  // namespace policy
