#include "policy/learn/yaml_text.h"

#include <gmock/gmock.h>

namespace policy::learn {
namespace {

TEST(YamlText, WordsStandPlainAndTheRestIsQuoted) {
    for (const auto* plain : {"login", "/doku.php", "pmaAuth-1", "connect.sid", "a=b"})
        EXPECT_EQ(yaml_scalar(plain), plain);
    EXPECT_EQ(yaml_scalar(""), "\"\"");
    EXPECT_EQ(yaml_scalar("*"), "\"*\"");
    EXPECT_EQ(yaml_scalar("/a?b"), "\"/a?b\"");
    EXPECT_EQ(yaml_scalar("302"), "\"302\"");
    EXPECT_EQ(yaml_scalar("true"), "\"true\"");
    EXPECT_EQ(yaml_scalar("No"), "\"No\"");
    EXPECT_EQ(yaml_scalar("a: b"), "\"a: b\"");
    EXPECT_EQ(yaml_scalar("auth[user]"), "\"auth[user]\"");
    EXPECT_EQ(yaml_scalar("say \"\\\""), "\"say \\\"\\\\\\\"\"");
    EXPECT_EQ(yaml_scalar("a\nb\x7F"), "\"a\\x0ab\\x7f\"");
    EXPECT_EQ(yaml_scalar("\xC2\x85\xE2\x80\xA8\xEF\xBB\xBF"), "\"\\u0085\\u2028\\ufeff\"");
    EXPECT_EQ(yaml_scalar("gr\xC3\xBC\xC3\x9F"), "\"gr\xC3\xBC\xC3\x9F\"");
}

TEST(YamlText, MapsAndListsAreFlow) {
    EXPECT_EQ(yaml_map({{"a", "1"}, {"b c", yaml_map({{"d", "2"}})}}),
              "{ a: 1, \"b c\": { d: 2 } }");
    EXPECT_EQ(yaml_list({"1"}), "1");
    EXPECT_EQ(yaml_list({"1", "2"}), "[ 1, 2 ]");
}

TEST(YamlText, ACommentIsWrappedAndIndented) {
    YamlWriter writer;
    writer.indent();
    writer.comment(std::string(60, 'a') + " " + std::string(60, 'b'));

    EXPECT_EQ(writer.text(),
              "  # " + std::string(60, 'a') + "\n  # " + std::string(60, 'b') + "\n");
}

TEST(YamlText, NothingLeavesAComment) {
    YamlWriter writer;
    writer.comment("one\ntwo: 1\r\nthree\xC2\x85 four\xE2\x80\xA9");

    EXPECT_EQ(writer.text(), "# one?two: 1??three? four?\n");
}

TEST(YamlText, AWordThatIsTooLongStandsAlone) {
    YamlWriter writer;
    writer.comment("a " + std::string(200, 'b') + " c");

    EXPECT_EQ(writer.text(), "# a\n# " + std::string(200, 'b') + "\n# c\n");
}

}  // namespace
}  // namespace policy::learn
