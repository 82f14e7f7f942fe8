#include "gateway/io/body_reader.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

using Kind = policy::Framing::Kind;

TEST(BodyReader, TakesAsMuchAsTheLengthSays) {
    BodyReader body({Kind::Length, 5});

    EXPECT_EQ(body.take("abc")->data, "abc");
    EXPECT_FALSE(body.is_finished());
    const auto rest = body.take("deGET /");
    EXPECT_EQ(rest->data, "de");
    EXPECT_EQ(rest->consumed, 2u);
    EXPECT_TRUE(body.is_finished());
}

TEST(BodyReader, KnowsWhenTheRestIsHere) {
    BodyReader body({Kind::Length, 5});

    EXPECT_FALSE(body.is_covered_by(4));
    EXPECT_TRUE(body.is_covered_by(5));
    EXPECT_TRUE(BodyReader({Kind::None, 0}).is_covered_by(0));
    EXPECT_FALSE(BodyReader({Kind::Chunked, 0}).is_covered_by(1000));
}

TEST(BodyReader, ABodyThatEndsEarlyIsNoBody) {
    BodyReader body({Kind::Length, 5});
    ASSERT_TRUE(body.take("abc"));

    EXPECT_FALSE(body.end_of_input());
}

TEST(BodyReader, TheEndOfTheConnectionEndsABodyWithoutLength) {
    BodyReader body({Kind::UntilClose, 0});
    EXPECT_EQ(body.take("abc")->data, "abc");

    EXPECT_TRUE(body.end_of_input());
    EXPECT_TRUE(body.is_finished());
}

TEST(BodyReader, BadChunksAreRefused) {
    BodyReader body({Kind::Chunked, 0});

    EXPECT_EQ(body.take("x\r\n").error().reason, policy::Reason::BadChunk);
}

}  // namespace
}  // namespace gateway
