#include "policy/http/json_scanner.h"

#include <map>

#include <gtest/gtest.h>

#include "tests/support/case_file.h"

namespace policy {
namespace {

using State = FormField::State;
using Texts = std::vector<std::string>;

JsonScanner scan(std::string_view body, JsonAuthor author = JsonAuthor::Client) {
    JsonScanner scanner({"/user", "/roles"}, author);
    scanner.feed(body);
    scanner.finish();
    return scanner;
}

State expected_state(const support::Case& each) {
    static const std::map<std::string, State, std::less<>> kStates{{"absent", State::Absent},
                                                                   {"repeated", State::Repeated},
                                                                   {"too_long", State::TooLong},
                                                                   {"malformed", State::Malformed}};
    return each.has("state") ? kStates.at(each.text("state")) : State::Present;
}

// LGN-009
TEST(JsonScanner, ReadsBodiesAsTheTableSays) {
    for (const auto& each : support::read_cases("json_bodies.txt")) {
        SCOPED_TRACE(each);
        const auto pointer = each.has("at") ? each.text("at") : "/user";
        JsonScanner scanner({"/other", pointer},
                            each.has("author") ? JsonAuthor::Backend : JsonAuthor::Client);

        scanner.feed(each.text("in"));
        scanner.finish();

        EXPECT_EQ(scanner.field(pointer).state, expected_state(each));
        EXPECT_EQ(scanner.field(pointer).value, each.text("value"));
        EXPECT_EQ(scanner.is_sound(), !each.has("sound"));
    }
}

TEST(JsonScanner, NothingIsFoundBeforeTheBodyIsComplete) {
    JsonScanner scanner({"/user"});
    scanner.feed("{\"user\": \"ali");
    scanner.feed("ce\"}");
    EXPECT_EQ(scanner.field("/user").state, State::Absent);
    EXPECT_FALSE(scanner.is_sound());
    EXPECT_FALSE(scanner.is_finished());

    scanner.finish();

    EXPECT_EQ(scanner.field("/user").value, "alice");
    EXPECT_TRUE(scanner.is_sound());
    EXPECT_TRUE(scanner.is_finished());
}

TEST(JsonScanner, FinishingTwiceChangesNothing) {
    auto scanner = scan("{\"user\": \"alice\"}");

    scanner.finish();

    EXPECT_EQ(scanner.field("/user").value, "alice");
    EXPECT_TRUE(scanner.is_sound());
}

TEST(JsonScanner, SeveralPointersMayLeadTheSameWay) {
    JsonScanner scanner({"/user/name", "/user/id", "/user", "/user/name/x"});

    scanner.feed("{\"user\": {\"id\": 7, \"name\": \"alice\"}}");
    scanner.finish();

    EXPECT_EQ(scanner.field("/user/name").value, "alice");
    EXPECT_EQ(scanner.field("/user/id").value, "7");
    EXPECT_EQ(scanner.field("/user").state, State::Malformed);
    EXPECT_EQ(scanner.field("/user/name/x").state, State::Absent);
}

TEST(JsonScanner, AValueMayBeAsLongAsTheLimit) {
    const std::string longest(FormScanner::kMaxValue, 'v');

    EXPECT_EQ(scan("{\"user\": \"" + longest + "\"}").field("/user").value, longest);
    const auto longer = scan("{\"user\": \"" + longest + "v\"}");
    EXPECT_EQ(longer.field("/user").state, State::TooLong);
    EXPECT_TRUE(longer.is_sound());
}

TEST(JsonScanner, ABodyMayBeAsLongAsTheLimit) {
    const std::string text = "{\"user\": \"alice\"}";
    const std::string blanks(JsonScanner::kMaxBody - text.size(), ' ');

    EXPECT_EQ(scan(blanks + text).field("/user").value, "alice");
    const auto longer = scan(blanks + text + "\n");
    EXPECT_EQ(longer.field("/user").state, State::TooLong);
    EXPECT_EQ(longer.field("/roles").state, State::TooLong);
    EXPECT_FALSE(longer.is_sound());
}

TEST(JsonScanner, ABodyFarBeyondTheLimitIsNotKept) {
    JsonScanner scanner({"/user"});

    for (int i = 0; i < 1000; ++i) scanner.feed(std::string(10'000, '['));
    scanner.finish();

    EXPECT_EQ(scanner.field("/user").state, State::TooLong);
}

TEST(JsonScanner, AnArrayOfTextsIsAList) {
    const auto scanner =
        scan("{\"user\": [\"x\"], \"roles\": [\"admin\", \"\", 7, true], \"z\": []}");

    EXPECT_EQ(scanner.texts("/roles"), (Texts{"admin", "", "7", "true"}));
    EXPECT_EQ(scanner.texts("/user"), Texts{"x"});
    EXPECT_EQ(scanner.field("/roles").state, State::Malformed);
}

TEST(JsonScanner, ATextIsAListOfOne) {
    EXPECT_EQ(scan("{\"roles\": \"admin\"}").texts("/roles"), Texts{"admin"});
}

TEST(JsonScanner, AnArrayWithAnythingElseIsNoList) {
    for (const auto* roles :
         {"[\"a\", null]", "[\"a\", [\"b\"]]", "[{\"a\": \"b\"}, \"a\"]", "[\"a\", \"b\\u0000\"]",
          "[1.5]", "{\"0\": \"a\"}", "[]", "null", "[[\"a\"]]", "[\"a\", [], \"b\"]"})
        EXPECT_EQ(scan("{\"roles\": " + std::string(roles) + "}").texts("/roles"), Texts{})
            << roles;
    EXPECT_EQ(scan("{\"roles\": [null, \"a\"]}", JsonAuthor::Backend).texts("/roles"), Texts{});
}

TEST(JsonScanner, AListThatComesTwiceIsNone) {
    EXPECT_EQ(scan("{\"roles\": [\"a\"], \"roles\": [\"b\"]}").texts("/roles"), Texts{});
    EXPECT_EQ(scan("{\"roles\": [\"a\"], \"Roles\": 1}").texts("/roles"), Texts{});
    EXPECT_EQ(scan("{\"roles\": [\"a\"]").texts("/roles"), Texts{});
}

TEST(JsonScanner, AListMayBeTheWholeBody) {
    JsonScanner scanner({""});

    scanner.feed("[\"a\", \"b\"]");
    scanner.finish();

    EXPECT_EQ(scanner.texts(""), (Texts{"a", "b"}));
}

TEST(Json, IsKnownByItsMediaType) {
    EXPECT_TRUE(is_json("application/json"));
    EXPECT_TRUE(is_json("Application/JSON; charset=UTF-8"));
    EXPECT_TRUE(is_json("application/vnd.api+json"));
    EXPECT_TRUE(is_json("application/problem+json;charset=\"utf-8\""));
    for (const auto* type :
         {"", "text/plain", "text/json", "application/jsonp", "application/xml",
          "application/json, text/html", "application/json+xml", "application/json; charset=utf-16",
          "application/json; charset", "application/json; charset=utf-8; charset=utf-16"})
        EXPECT_FALSE(is_json(type)) << type;
}

}  // namespace
}  // namespace policy
