#include "policy/http/multipart_scanner.h"

#include <map>

#include <gtest/gtest.h>

#include "tests/support/case_file.h"

namespace policy {
namespace {

using State = FormField::State;

constexpr std::string_view kBoundary = "XyZ";

MultipartScanner scan(std::string_view body) {
    MultipartScanner scanner(kBoundary, {"user", "do"});
    scanner.feed(body);
    scanner.finish();
    return scanner;
}

std::string part(std::string_view name, std::string_view value) {
    std::string text = "--XyZ\r\nContent-Disposition: form-data; name=\"";
    return text.append(name).append("\"\r\n\r\n").append(value).append("\r\n");
}

State expected_state(const support::Case& each) {
    static const std::map<std::string, State, std::less<>> kStates{{"absent", State::Absent},
                                                                   {"repeated", State::Repeated},
                                                                   {"too_long", State::TooLong},
                                                                   {"malformed", State::Malformed}};
    return each.has("state") ? kStates.at(each.text("state")) : State::Present;
}

// LGN-009
TEST(MultipartScanner, ReadsBodiesAsTheTableSays) {
    for (const auto& each : support::read_cases("multipart_bodies.txt")) {
        SCOPED_TRACE(each);

        const auto scanner = scan(each.text("in"));

        EXPECT_EQ(scanner.field("user").state, expected_state(each));
        EXPECT_EQ(scanner.field("user").value, each.text("user"));
        EXPECT_EQ(scanner.is_sound(), !each.has("sound"));
    }
}

TEST(MultipartScanner, FindsTheSameHoweverTheBytesArrive) {
    for (const auto& each : support::read_cases("multipart_bodies.txt")) {
        SCOPED_TRACE(each);
        const auto body = each.text("in");
        MultipartScanner scanner(kBoundary, {"user"});

        for (const char c : body) scanner.feed({&c, 1});
        scanner.finish();

        EXPECT_EQ(scanner.field("user").state, expected_state(each));
        EXPECT_EQ(scanner.field("user").value, each.text("user"));
        EXPECT_EQ(scanner.is_sound(), !each.has("sound"));
    }
}

TEST(MultipartScanner, OfABodyThatIsNotSoundNoFieldIsPresentOrAbsent) {
    const auto scanner = scan(part("user", "alice") + part("password", "x"));

    EXPECT_FALSE(scanner.is_sound());
    EXPECT_EQ(scanner.field("user").state, State::Malformed);
    EXPECT_EQ(scanner.field("do").state, State::Malformed);
}

TEST(MultipartScanner, ABodyIsNotSoundBeforeItIsComplete) {
    MultipartScanner scanner(kBoundary, {"user"});
    scanner.feed(part("user", "alice") + "--XyZ--");
    EXPECT_FALSE(scanner.is_sound());
    EXPECT_FALSE(scanner.is_finished());

    scanner.finish();

    EXPECT_TRUE(scanner.is_sound());
    EXPECT_TRUE(scanner.is_finished());
}

TEST(MultipartScanner, GivesUpAtOnceOnWhatBrowsersDoNotWrite) {
    for (const auto* rest : {"--XyZ--x", "--XyZ\n\n", "--XyZ\r\n\r\n\r\n", "XyZ"}) {
        MultipartScanner scanner(kBoundary, {"user"});

        scanner.feed(part("user", "alice") + rest);

        EXPECT_EQ(scanner.field("user").state, State::Malformed) << rest;
    }
}

TEST(MultipartScanner, FinishingTwiceChangesNothing) {
    auto scanner = scan(part("user", "alice") + "--XyZ--\r\n");

    scanner.finish();

    EXPECT_TRUE(scanner.is_sound());
    EXPECT_EQ(scanner.field("user").value, "alice");
}

TEST(MultipartScanner, AValueMayBeAsLongAsTheLimit) {
    const std::string longest(FormScanner::kMaxValue, 'v');
    const std::string end = "--XyZ--\r\n";

    EXPECT_EQ(scan(part("user", longest) + end).field("user").value, longest);
    const auto longer = scan(part("do", "login") + part("user", longest + "v") + end);
    EXPECT_EQ(longer.field("user").state, State::TooLong);
    EXPECT_EQ(longer.field("do").value, "login");
    EXPECT_TRUE(longer.is_sound());
}

TEST(MultipartScanner, AFieldBehindALargeFileIsFound) {
    const auto file = part("f\"; filename=\"a", std::string(300'000, '\r') + "\n--Xy");

    const auto scanner = scan(file + part("user", "alice") + "--XyZ--\r\n");

    EXPECT_EQ(scanner.field("user").value, "alice");
}

TEST(MultipartScanner, AHeadMayBeAsLongAsTheLimit) {
    const auto empty = part("", "").find("\r\n\r\n") - part("", "").find("Content");
    const std::string longest(MultipartScanner::kMaxHead - empty, 'n');
    const auto rest = part("user", "alice") + "--XyZ--\r\n";

    EXPECT_TRUE(scan(part(longest, "x") + rest).is_sound());
    EXPECT_FALSE(scan(part(longest + "n", "x") + rest).is_sound());
    EXPECT_FALSE(scan("--XyZ\r\n" + std::string(100'000, 'n')).is_sound());
}

TEST(MultipartScanner, AFormMayHaveAsManyPartsAsTheLimit) {
    std::string others;
    for (std::size_t i = 1; i < MultipartScanner::kMaxParts; ++i) others += part("x", "y");

    const auto most = scan(others + part("user", "alice") + "--XyZ--\r\n");
    const auto more = scan(others + part("x", "y") + part("user", "alice") + "--XyZ--\r\n");

    EXPECT_EQ(most.field("user").value, "alice");
    EXPECT_EQ(more.field("user").state, State::Malformed);
}

TEST(MultipartScanner, ABoundaryMayBeginWithDashes) {
    MultipartScanner scanner("----WebKitFormBoundaryA1", {"user"});

    scanner.feed(
        "------WebKitFormBoundaryA1\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\n"
        "--alice\r\n------WebKitFormBoundaryA1--\r\n");
    scanner.finish();

    EXPECT_EQ(scanner.field("user").value, "--alice");
}

TEST(MultipartBoundary, IsTheOnlyParameter) {
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=XyZ"), "XyZ");
    EXPECT_EQ(multipart_boundary("Multipart/Form-Data;Boundary=\"a-b_c.d+e'f\""), "a-b_c.d+e'f");
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=" + std::string(70, 'b')),
              std::string(70, 'b'));
}

TEST(MultipartBoundary, ThatSomeReadInAnotherWayIsNone) {
    for (const auto* type :
         {"", "multipart/form-data", "multipart/mixed; boundary=XyZ",
          "application/x-www-form-urlencoded; boundary=XyZ", "multipart/form-data; boundary=",
          "multipart/form-data; boundary=\"\"", "multipart/form-data; boundary=a; boundary=b",
          "multipart/form-data; boundary=a, boundary=b", "multipart/form-data; boundary=\"a,b\"",
          "multipart/form-data; boundary=\"a;b\"", "multipart/form-data; boundary=\"a b\"",
          "multipart/form-data; boundary=\"boundary=b\"", "multipart/form-data; boundary=a:b",
          "multipart/form-data; boundary=a; charset=utf-8", "multipart/form-data; xboundary=a",
          "multipart/form-data; boundary*=a", "multipart/form-data; boundary=a\x80",
          "multipart/form-data, multipart/form-data; boundary=a"})
        EXPECT_FALSE(multipart_boundary(type)) << type;
    EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'b')));
}

}  // namespace
}  // namespace policy
