// What holds for every JSON body, whatever stands beside that which is looked for.

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "policy/http/json_scanner.h"

namespace policy {
namespace {

using State = FormField::State;

// A small tree: of texts at the ends, of objects elsewhere.
struct Node {
    std::string text;
    std::map<std::string, Node> members;

    [[nodiscard]] bool is_object() const { return text.empty(); }
};

Node any_node(int depth) {
    Node node;
    if (depth == 0 || *rc::gen::inRange(0, 3) == 0) {
        node.text = *rc::gen::element<std::string>("alice", "bob", "{", "]", "a,b:c");
        return node;
    }
    const auto count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i)
        node.members[*rc::gen::element<std::string>("a", "b", "c", "d")] = any_node(depth - 1);
    return node;
}

std::string quoted(const std::string& text) {
    return *rc::gen::element<std::string>("", " ", "\n") + '"' + text + '"';
}

std::string written(const Node& node) {
    if (!node.is_object()) return quoted(node.text);
    std::string text;
    for (const auto& [key, member] : node.members)
        text += (text.empty() ? "" : ",") + quoted(key) + ":" + written(member);
    return "{" + text + "}";
}

const Node* look_up(const Node& node, const std::string& pointer) {
    const auto* at = &node;
    for (std::size_t i = 1; i < pointer.size() && at; i += 2) {
        const auto found = at->members.find(pointer.substr(i, 1));
        at = found == at->members.end() ? nullptr : &found->second;
    }
    return at;
}

JsonScanner scan(std::string_view body, const std::string& pointer) {
    JsonScanner scanner({pointer});
    scanner.feed(body);
    scanner.finish();
    return scanner;
}

std::string any_pointer() {
    std::string pointer;
    const auto length = *rc::gen::inRange(1, 4);
    for (int i = 0; i < length; ++i) pointer += "/" + *rc::gen::element<std::string>("a", "b", "c");
    return pointer;
}

TEST(JsonScannerProperties, FindsWhatATreeHolds) {
    EXPECT_TRUE(rc::check([] {
        const auto tree = any_node(3);
        const auto pointer = any_pointer();
        const auto* there = look_up(tree, pointer);

        const auto scanner = scan(written(tree), pointer);

        RC_ASSERT(scanner.is_sound());
        const auto& field = scanner.field(pointer);
        const auto expected = !there               ? State::Absent
                              : there->is_object() ? State::Malformed
                                                   : State::Present;
        RC_ASSERT(field.state == expected);
        RC_ASSERT(field.value == (there ? there->text : ""));
    }));
}

TEST(JsonScannerProperties, WhatIsCutOffIsNotSound) {
    EXPECT_TRUE(rc::check([] {
        const auto body = "{\"a\":" + written(any_node(3)) + "}";
        const auto cut = *rc::gen::inRange<std::size_t>(0, body.size());

        const auto scanner = scan(std::string_view(body).substr(0, cut), "/a");

        RC_ASSERT(!scanner.is_sound());
        RC_ASSERT(scanner.field("/a").state == State::Malformed);
    }));
}

TEST(JsonScannerProperties, ASecondMemberOnTheWayIsNeverOverlooked) {
    EXPECT_TRUE(rc::check([] {
        const auto key = *rc::gen::element<std::string>("\"a\"", "\"A\"", "\"_a\"", "\"\\u0061\"");
        const auto first = "\"a\":" + written(any_node(2));
        const auto second = key + ":" + written(any_node(2));
        const auto other = "\"b\":" + written(any_node(2));
        const auto pointer = "/a" + any_pointer();

        RC_ASSERT(
            scan("{" + first + "," + other + "," + second + "}", pointer).field(pointer).state ==
            State::Repeated);
        RC_ASSERT(scan("{" + second + "," + first + "}", "/a").field("/a").state ==
                  State::Repeated);
    }));
}

TEST(JsonScannerProperties, AnyBytesAreReadToTheirEnd) {
    EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& picks) {
        constexpr std::string_view kBytes = "{}[]\",:\\u0aA1e-. \n\xc3\xab\xff";
        std::string body;
        for (const auto pick : picks) body += kBytes[pick % kBytes.size()];

        const auto scanner = scan(body, "/a");

        RC_ASSERT(scanner.is_finished());
        RC_ASSERT(scanner.is_sound() || scanner.field("/a").state == State::Malformed);
    }));
}

}  // namespace
}  // namespace policy
