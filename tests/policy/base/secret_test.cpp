#include "policy/base/secret.h"

#include <ostream>
#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

namespace policy {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
    out << value;
};

static_assert(!Printable<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>);
static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);

// The bytes of the object itself, where a short string keeps its text.
bool shows(const Secret& secret, std::string_view text) {
    const std::string_view bytes(reinterpret_cast<const char*>(&secret), sizeof secret);
    return bytes.find(text) != std::string_view::npos;
}

TEST(Secret, RevealsWhatItWasGiven) {
    const Secret secret(std::string("open sesame"));

    EXPECT_EQ(secret.reveal(), "open sesame");
}

// What a move leaves behind is what these three look at.
// NOLINTBEGIN(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
TEST(Secret, AShortSecretDoesNotStayWhereItWasMovedFrom) {
    Secret from(std::string("short"));
    ASSERT_TRUE(shows(from, "short"));

    const Secret to(std::move(from));

    EXPECT_FALSE(shows(from, "short"));
    EXPECT_EQ(to.reveal(), "short");
}

TEST(Secret, AssignmentMovesAndLeavesNothingBehind) {
    Secret from(std::string("newer"));
    Secret to(std::string("older"));

    to = std::move(from);

    EXPECT_FALSE(shows(from, "newer"));
    EXPECT_FALSE(shows(to, "older"));
    EXPECT_EQ(to.reveal(), "newer");
}

TEST(Secret, ALongSecretSurvivesTheMove) {
    const std::string text(100, 'x');
    Secret from{std::string(text)};
    Secret to;

    to = std::move(from);

    EXPECT_EQ(to.reveal(), text);
    EXPECT_TRUE(from.reveal().empty());
}
// NOLINTEND(bugprone-use-after-move,clang-analyzer-cplusplus.Move)

TEST(Secret, WipeOverwritesEveryByte) {
    std::string text = "secret";

    wipe(text.data(), text.size());

    EXPECT_EQ(text, std::string(6, '\0'));
}

// SID-005
TEST(EqualInConstantTime, ComparesAllBytesAndTheLength) {
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("xbc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
    EXPECT_FALSE(equal_in_constant_time("", "a"));
}

}  // namespace
}  // namespace policy
