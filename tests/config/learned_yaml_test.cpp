// What policy/learn writes is read back by what reads policies.

#include <random>

#include <gmock/gmock.h>

#include "config/document.h"
#include "config/source_text.h"
#include "policy/base/text.h"
#include "policy/learn/yaml_text.h"

namespace config {
namespace {

// Pieces that mean something to YAML, in any order, and a few that mean nothing.
std::string random_text(std::mt19937& random) {
    static const std::vector<std::string> kPieces{"a",
                                                  "B",
                                                  "0",
                                                  "17",
                                                  "true",
                                                  "~",
                                                  "null",
                                                  " ",
                                                  "  ",
                                                  ":",
                                                  ": ",
                                                  "#",
                                                  " #",
                                                  "-",
                                                  "- ",
                                                  "?",
                                                  "? ",
                                                  "*",
                                                  "&x",
                                                  "!",
                                                  "!!b ",
                                                  "|",
                                                  ">",
                                                  "%",
                                                  "@",
                                                  "`",
                                                  "'",
                                                  "\"",
                                                  "\\",
                                                  "{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  ",",
                                                  "=",
                                                  "/",
                                                  "\t",
                                                  "\n",
                                                  "\r",
                                                  "---",
                                                  "...",
                                                  "<<",
                                                  "\x01",
                                                  "\x7F",
                                                  "\xC3\xBC",
                                                  "\xC2\x85",
                                                  "\xE2\x80\xA8",
                                                  "\xEF\xBB\xBF",
                                                  "\xF0\x9F\x94\x91",
                                                  "#<end of the policy>"};
    std::string text;
    for (auto count = random() % 8; count > 0; --count) text += kPieces[random() % kPieces.size()];
    return text;
}

std::optional<Node> read(const std::string& yaml) {
    Report report("learned.yaml");
    EXPECT_TRUE(check_source_text(yaml, report)) << yaml;
    auto node = parse_document(yaml, report);
    EXPECT_TRUE(report.empty()) << yaml;
    return node;
}

TEST(LearnedYaml, EveryTextIsReadBackAsItIs) {
    std::mt19937 random(20260302);
    for (int turn = 0; turn < 3000; ++turn) {
        const auto name = random_text(random);
        const auto value = random_text(random);
        if (name.find("#<end") != std::string::npos || value.find("#<end") != std::string::npos)
            continue;  // Refused on purpose: it marks the end of a policy.
        policy::learn::YamlWriter writer;
        writer.comment(random_text(random));
        writer.line("x: " + policy::learn::yaml_map({{name, policy::learn::yaml_scalar(value)}}));

        const auto node = read(writer.text());

        ASSERT_TRUE(node) << writer.text();
        ASSERT_EQ(node->children.size(), 1) << writer.text();
        const auto& map = node->children[0];
        ASSERT_EQ(map.children.size(), 1) << writer.text();
        EXPECT_EQ(map.children[0].key, name) << writer.text();
        EXPECT_EQ(map.children[0].kind, Node::Kind::Text) << writer.text();
        EXPECT_EQ(map.children[0].text, value) << writer.text();
    }
}

}  // namespace
}  // namespace config
