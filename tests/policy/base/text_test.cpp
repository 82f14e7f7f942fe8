#include "policy/base/text.h"

#include <array>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policy {
namespace {

using testing::ElementsAre;

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string every_byte() {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    return bytes;
}

TEST(Text, ATokenHoldsNothingThatSeparates) {
    EXPECT_TRUE(is_token("X-Forwarded_For.1"));
    EXPECT_TRUE(is_token("!#$%&'*+-.^_`|~"));
    EXPECT_FALSE(is_token(""));
    for (const char c : std::string_view("\"(),/:;<=>?@[\\]{} \t\r\n\0\x7f\x80\xff", 26)) {
        EXPECT_FALSE(is_token_char(c)) << static_cast<int>(c);
    }
}

TEST(Text, CaseIsThatOfAsciiOnly) {
    EXPECT_EQ(ascii_lower("ABC-xyz_\xC3\x84[@"), "abc-xyz_\xC3\x84[@");
    EXPECT_TRUE(equals_ignoring_case("Host", "hOST"));
    EXPECT_FALSE(equals_ignoring_case("Host", "Hosts"));
    EXPECT_FALSE(equals_ignoring_case("@", "`"));  // They differ in the bit that makes the case.
}

TEST(Text, TrimTakesSpacesAndTabsOnly) {
    EXPECT_EQ(trim(" \t a b \t"), "a b");
    EXPECT_EQ(trim(" \t "), "");
    EXPECT_EQ(trim("\na\r"), "\na\r");
}

TEST(Text, ListItemsAreTrimmedAndEmptyOnesSkipped) {
    std::vector<std::string_view> items;

    for_each_list_item(" close, ,keep-alive ,,TE,", [&](auto item) { items.push_back(item); });

    EXPECT_THAT(items, ElementsAre("close", "keep-alive", "TE"));
}

TEST(Text, HexIsLowerCase) {
    EXPECT_EQ(to_hex(std::array<std::uint8_t, 4>{0x00, 0x0F, 0xA0, 0xFF}), "000fa0ff");
}

TEST(Base64Url, IsThatOfTheStandardWithoutPadding) {
    EXPECT_EQ(to_base64url(bytes_of("")), "");
    EXPECT_EQ(to_base64url(bytes_of("f")), "Zg");
    EXPECT_EQ(to_base64url(bytes_of("fo")), "Zm8");
    EXPECT_EQ(to_base64url(bytes_of("foo")), "Zm9v");
    EXPECT_EQ(to_base64url(bytes_of("\xFB\xFF")), "-_8");
}

TEST(Base64Url, ComesBackAsItWas) {
    const auto bytes = every_byte();
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        const auto part = std::string_view(bytes).substr(0, size);

        EXPECT_EQ(from_base64url(to_base64url(bytes_of(part))), part);
    }
}

TEST(Base64Url, HasOneSpellingPerValue) {
    EXPECT_EQ(from_base64url("Zg"), "f");
    EXPECT_EQ(from_base64url("Zh"), std::nullopt);  // Stray bits.
    EXPECT_EQ(from_base64url("Zm9"), std::nullopt);
    EXPECT_EQ(from_base64url("Zg=="), std::nullopt);
    EXPECT_EQ(from_base64url("Z"), std::nullopt);
    EXPECT_EQ(from_base64url("Zm9vZ"), std::nullopt);
    EXPECT_EQ(from_base64url("Zm+v"), std::nullopt);
    EXPECT_EQ(from_base64url("Zm/v"), std::nullopt);
    EXPECT_EQ(from_base64url("Zm 9v"), std::nullopt);
}

TEST(Base64Url, KnowsItsFormWithoutDecoding) {
    const std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (const char c : every_byte()) {
        const bool is_digit = alphabet.find(c) != std::string_view::npos;

        EXPECT_EQ(is_base64url(std::string("AAA") + c), is_digit) << static_cast<int>(c);
        EXPECT_EQ(is_base64url(std::string("A") + c + "AA"), is_digit) << static_cast<int>(c);
    }
    for (const auto* text : {"", "Zg", "Zm8", "Zm9v"}) EXPECT_TRUE(is_base64url(text)) << text;
    for (const auto* text : {"Z", "A", "Zh", "Zm9", "Zg==", "Zm9vA", "Zm+v"}) {
        EXPECT_FALSE(is_base64url(text)) << text;
    }
}

TEST(Base64Url, DecodesIntoExactlyTheRoomThereIs) {
    std::array<std::uint8_t, 3> room{};

    EXPECT_TRUE(decode_base64url("Zm9v", room));
    EXPECT_EQ(room, (std::array<std::uint8_t, 3>{'f', 'o', 'o'}));
    EXPECT_FALSE(decode_base64url("Zm8", room));
    EXPECT_FALSE(decode_base64url("Zm9vZg", room));
    EXPECT_FALSE(decode_base64url("Zm9vZ", room)) << "five characters are no whole bytes";
    EXPECT_FALSE(decode_base64url("Zm+v", room));
    EXPECT_TRUE(decode_base64url("", {}));
}

TEST(Text, PercentDecodingHappensOnce) {
    EXPECT_EQ(percent_decode("a%2Fb%2fc"), "a/b/c");
    EXPECT_EQ(percent_decode("%252e"), "%2e");
    EXPECT_EQ(percent_decode("a+b"), "a+b");
    EXPECT_EQ(percent_decode("%00"), std::string(1, '\0'));
    EXPECT_EQ(percent_decode("%"), std::nullopt);
    EXPECT_EQ(percent_decode("%4"), std::nullopt);
    EXPECT_EQ(percent_decode("%4g"), std::nullopt);
    EXPECT_EQ(percent_decode("%-1"), std::nullopt);
}

TEST(Text, InFormsAPlusIsASpace) {
    EXPECT_EQ(form_decode("a+b%2B"), "a b+");
    EXPECT_EQ(form_decode("a%"), std::nullopt);
}

// IDF-004
TEST(Text, NothingInAUserNameCanBreakAHeader) {
    EXPECT_EQ(encode_for_header("alice@example.org"), "alice@example.org");
    EXPECT_EQ(encode_for_header("a\r\nX-Admin: 1"), "a%0D%0AX-Admin:%201");
    EXPECT_EQ(encode_for_header("100%"), "100%25");
    EXPECT_EQ(encode_for_header("\xC3\xBC"), "%C3%BC");
}

TEST(Text, EncodingForAHeaderLosesNothing) {
    const auto bytes = every_byte();

    const auto encoded = encode_for_header(bytes);

    EXPECT_EQ(percent_decode(encoded), bytes);
    for (const char c : encoded) EXPECT_TRUE(c > ' ' && c < '\x7f');
}

TEST(Glob, AStarStandsForAnyRun) {
    EXPECT_TRUE(matches_glob("DW*", "DW68700bfd16c2027de7de74a5a8202a6f"));
    EXPECT_TRUE(matches_glob("DW*", "DW"));
    EXPECT_TRUE(matches_glob("*", ""));
    EXPECT_TRUE(matches_glob("a*b*c", "a--b--b--c"));
    EXPECT_TRUE(matches_glob("*_session", "my_session_session"));
    EXPECT_FALSE(matches_glob("DW*", "dw1"));
    EXPECT_FALSE(matches_glob("a*b", "a-c"));
    EXPECT_FALSE(matches_glob("", "a"));
    EXPECT_FALSE(matches_glob("a", "ab"));
    EXPECT_TRUE(matches_glob("", ""));
}

TEST(Glob, ManyStarsCostNoExponentialTime) {
    const std::string text(2000, 'a');

    EXPECT_FALSE(matches_glob("*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

TEST(Utf8, AcceptsWhatTheStandardAccepts) {
    for (const auto text :
         {"", "ascii", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
          "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        EXPECT_TRUE(is_valid_utf8(text)) << text;
    }
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndFragments) {
    for (const auto text :
         {"\x80", "\xC0\xAF", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x80\xAF", "\xE0\x9F\xBF",
          "\xED\xA0\x80", "\xE2\x82", "\xE2\x82(", "\xF0\x80\x80\xAF", "\xF0\x8F\xBF\xBF",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xF0\x90\x80"}) {
        EXPECT_FALSE(is_valid_utf8(text)) << text;
    }
}

TEST(Text, DecimalNumbersAreDigitsOnly) {
    EXPECT_EQ(parse_decimal("0"), 0U);
    EXPECT_EQ(parse_decimal("0010"), 10U);
    EXPECT_EQ(parse_decimal("18446744073709551615"), 18446744073709551615U);
    for (const auto text : {"", "18446744073709551616", "+1", "-1", " 1", "1 ", "0x1", "1.0"}) {
        EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace policy
