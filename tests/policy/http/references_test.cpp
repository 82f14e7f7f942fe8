#include "policy/http/references.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

TEST(References, TextWithoutThemStaysAsItIs) {
    for (const auto* text : {"", "alice", "Zo\xc3\xab; #x41; >\"'"})
        EXPECT_EQ(decode_references(text), text);
}

TEST(References, NamedOnesAreDecodedOnce) {
    EXPECT_EQ(decode_references("&amp;&lt;&gt;&quot;&apos;"), "&<>\"'");
    EXPECT_EQ(decode_references("O&apos;Neil &amp; &lt;b&gt;"), "O'Neil & <b>");
    EXPECT_EQ(decode_references("&amp;lt;"), "&lt;");
}

TEST(References, NumbersAreUtf8) {
    EXPECT_EQ(decode_references("O&#39;Neil"), "O'Neil");
    EXPECT_EQ(decode_references("&#x27;&#X27;&#0039;"), "'''");
    EXPECT_EQ(decode_references("&#127;&#xa0;&#x7ff;"), "\x7f\xc2\xa0\xdf\xbf");
    EXPECT_EQ(decode_references("&#x800;&#xFFFD;&#xd7ff;"), "\xe0\xa0\x80\xef\xbf\xbd\xed\x9f\xbf");
    EXPECT_EQ(decode_references("&#65536;&#x10FFFF;"), "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
}

TEST(References, ThatAreNotSurelyOneAreNoText) {
    for (const auto* text :
         {"&", "a & b", "&amp", "&amp &lt;", "&AMP;", "&nbsp;", "&ouml;", "&;", "&#;", "&#x;",
          "&# 39;", "&#39", "&#+39;", "&#-39;", "&#3a;", "&#xg;", "&#0x27;", "&#x&#39;"})
        EXPECT_FALSE(decode_references(text)) << text;
}

TEST(References, ToNoCharacterAreNoText) {
    for (const auto* text : {"&#0;", "&#x80;", "&#x9f;", "&#xd800;", "&#xdfff;", "&#x110000;",
                             "&#4294967335;", "&#x100000027;"})
        EXPECT_FALSE(decode_references(text)) << text;
}

TEST(References, MarkupIsNoText) {
    EXPECT_FALSE(decode_references("<i>alice</i>"));
}

}  // namespace
}  // namespace policy
