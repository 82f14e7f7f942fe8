#include "policy/base/secret.h"

#include <array>
#include <new>
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

using Pin = std::array<char, 4>;
static_assert(!Printable<SecretValue<Pin>>);
static_assert(!std::is_convertible_v<SecretValue<Pin>, Pin>);
static_assert(!std::is_convertible_v<Pin, SecretValue<Pin>>);
static_assert(!std::is_copy_constructible_v<SecretValue<Pin>>);
static_assert(std::is_nothrow_move_constructible_v<SecretValue<Pin>>);

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

TEST(SecretValue, DoesNotStayWhereItWasMovedFrom) {
    SecretValue<Pin> from({'1', '2', '3', '4'});
    SecretValue<Pin> to(std::move(from));
    EXPECT_EQ(from.reveal(), Pin{});
    EXPECT_EQ(to.reveal(), (Pin{'1', '2', '3', '4'}));

    from = std::move(to);

    EXPECT_EQ(to.reveal(), Pin{});
    EXPECT_EQ(from.reveal(), (Pin{'1', '2', '3', '4'}));
}
// NOLINTEND(bugprone-use-after-move,clang-analyzer-cplusplus.Move)

TEST(SecretValue, IsWipedWhenItEnds) {
    alignas(SecretValue<Pin>) Pin memory;
    auto* const secret = new (&memory) SecretValue<Pin>({'1', '2', '3', '4'});

    secret->~SecretValue();

    EXPECT_EQ(memory, Pin{});
}

TEST(SecretValue, BeginsAsZeros) {
    EXPECT_EQ(SecretValue<Pin>().reveal(), Pin{});
}

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

TEST(EqualInConstantTime, SeesADifferenceAnywhere) {
    for (std::size_t size = 1; size <= 33; ++size) {
        const std::string text(size, 'x');
        EXPECT_TRUE(equal_in_constant_time(text, std::string(size, 'x')));
        for (std::size_t at = 0; at < size; ++at) {
            auto other = text;
            other[at] = 'y';
            EXPECT_FALSE(equal_in_constant_time(text, other)) << at << " of " << size;
        }
    }
}

}  // namespace
}  // namespace policy
