#include "policy/base/arena.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace policy {
namespace {

TEST(Arena, JoinsItsParts) {
    Arena arena;

    EXPECT_EQ(arena.join({"for=", "192.0.2.1", "", ";proto=https"}), "for=192.0.2.1;proto=https");
    EXPECT_EQ(arena.join({}), "");
    EXPECT_EQ(arena.join({"", ""}), "");
}

TEST(Arena, KeepsACopyOfWhatGoesAway) {
    Arena arena;
    std::string text = "alice";

    const auto kept = arena.keep(text);
    text = "mallory";

    EXPECT_EQ(kept, "alice");
}

TEST(Arena, KeepsTextsAlsoBeyondItsFirstBlock) {
    Arena arena;
    std::vector<std::string_view> kept;

    for (int i = 0; i < 200; ++i) kept.push_back(arena.keep(std::string(100, 'a') + "!"));

    for (const auto text : kept) EXPECT_EQ(text, std::string(100, 'a') + "!");
}

}  // namespace
}  // namespace policy
