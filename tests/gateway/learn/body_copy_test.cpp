#include "gateway/learn/body_copy.h"

#include <gtest/gtest.h>

#include "policy/base/text.h"
#include "policy/learn/recording_text.h"

namespace gateway::learn {
namespace {

using policy::learn::kLongestBody;

policy::learn::Body copied(std::string_view bytes, std::string_view type = "text/html") {
    BodyCopy copy;
    copy.add(bytes.substr(0, bytes.size() / 2));
    copy.add(bytes.substr(bytes.size() / 2));
    return copy.as_text(type);
}

TEST(BodyCopy, TextIsKept) {
    for (const auto* type :
         {"", "text/html", "application/json", "application/problem+json", "application/xml",
          "application/x-www-form-urlencoded", "multipart/form-data"}) {
        const auto body = copied("some text", type);
        EXPECT_EQ(body.text, "some text") << type;
        EXPECT_FALSE(body.truncated || body.omitted) << type;
    }
}

TEST(BodyCopy, WhatIsNoTextIsOmitted) {
    for (const auto* type : {"image/png", "text/css", "application/javascript", "font/woff2",
                             "application/octet-stream"}) {
        const auto body = copied("bytes", type);
        EXPECT_EQ(body.text, "") << type;
        EXPECT_TRUE(body.omitted) << type;
    }
    EXPECT_TRUE(copied({"a\0b", 3}).omitted);
}

TEST(BodyCopy, NothingIsNotOmitted) {
    EXPECT_FALSE(copied("", "image/png").omitted);
}

TEST(BodyCopy, ALongBodyIsCut) {
    const auto body = copied(std::string(kLongestBody + 1, 'x'));

    EXPECT_EQ(body.text.size(), kLongestBody);
    EXPECT_TRUE(body.truncated);
    EXPECT_FALSE(copied(std::string(kLongestBody, 'x')).truncated);
}

TEST(BodyCopy, ACutThroughACharacterTakesAllOfIt) {
    const auto body = copied(std::string(kLongestBody - 1, 'x') + "\xC3\xBC");

    EXPECT_EQ(body.text.size(), kLongestBody - 1);
    EXPECT_TRUE(body.truncated);
}

TEST(BodyCopy, Latin1BecomesUtf8) {
    EXPECT_EQ(copied("gr\xFC\xDF").text, "gr\xC3\xBC\xC3\x9F");
}

TEST(BodyCopy, Latin1ThatGrowsTooLongIsCut) {
    const auto body = copied(std::string(kLongestBody, '\xFC'));

    EXPECT_LE(body.text.size(), kLongestBody);
    EXPECT_TRUE(body.truncated);
    EXPECT_TRUE(policy::is_valid_utf8(body.text));
}

}  // namespace
}  // namespace gateway::learn
