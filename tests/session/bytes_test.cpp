#include "session/bytes.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace {

using session::ByteReader;
using session::ByteWriter;

TEST(Bytes, ReadsWhatWasWritten) {
    EXPECT_TRUE(rc::check([](std::uint64_t number, const std::string& text) {
        ByteWriter out;
        out.number(number);
        out.text(text);
        const auto bytes = out.take();
        ByteReader in(bytes);
        RC_ASSERT(in.number() == number);
        RC_ASSERT(in.text() == text);
        RC_ASSERT(in.ok() && in.at_end());
    }));
}

TEST(Bytes, FailsAndStaysFailed) {
    ByteReader in(
        "\x05"
        "abc");
    EXPECT_EQ(in.text(), "");
    EXPECT_FALSE(in.ok());
    EXPECT_EQ(in.number(), 0U);
    EXPECT_FALSE(in.ok());
}

TEST(Bytes, ReadsNumbersInOneFormOnly) {
    for (const auto& wrong : {std::string("\x80\x00", 2), std::string(10, '\xff'),
                              std::string("\x80"), std::string(9, '\xff') + '\x02'}) {
        ByteReader in(wrong);
        (void)in.number();
        EXPECT_FALSE(in.ok());
    }
    ByteReader most(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10));
    EXPECT_EQ(most.number(), UINT64_MAX);
    ByteReader two("\x02");
    EXPECT_FALSE(two.flag());
    EXPECT_FALSE(two.ok());
}

}  // namespace
