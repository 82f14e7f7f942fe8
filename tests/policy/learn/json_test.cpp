#include "policy/learn/json.h"

#include <gmock/gmock.h>

namespace policy::learn {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(std::string_view text) {
    const auto json = parse_json(text);
    return json ? "" : json.error();
}

std::string written(std::string_view text) {
    std::string again;
    append_json(again, *parse_json(text));
    return again;
}

TEST(Json, ScalarsHavePointers) {
    const auto json = parse_json(R"({"a":{"b/c":"x","d~":[1,true,null,1.50]}})");

    EXPECT_THAT(scalars_of(*json),
                ElementsAre(NameValue{"/a/b~1c", "x"}, NameValue{"/a/d~0/0", "1"},
                            NameValue{"/a/d~0/1", "true"}, NameValue{"/a/d~0/2", "null"},
                            NameValue{"/a/d~0/3", "1.50"}));
}

TEST(Json, AScalarAloneHasTheEmptyPointer) {
    EXPECT_THAT(scalars_of(*parse_json("-17")), ElementsAre(NameValue{"", "-17"}));
}

TEST(Json, IsWrittenAsItWasRead) {
    for (const auto* text : {R"({"a":"x\"\\\n","b":[1,[],{}],"c":null,"d":true,"e":-1.5})", "\"\"",
                             "[\"\\u0001\"]", "[]"}) {
        EXPECT_EQ(written(text), text);
    }
}

TEST(Json, WhatIsNotJsonIsToldWithItsPlace) {
    EXPECT_EQ(error_of("{\"a\":1"), "is not JSON at byte 7");
    EXPECT_THAT(error_of(""), HasSubstr("is not JSON"));
    EXPECT_THAT(error_of("{} {}"), HasSubstr("is not JSON"));
    EXPECT_THAT(error_of("{'a':1}"), HasSubstr("is not JSON"));
    EXPECT_THAT(error_of("\"\xFF\""), HasSubstr("is not JSON"));
}

TEST(Json, AKeyThatStandsTwiceIsRefused) {
    EXPECT_EQ(error_of(R"({"a":1,"a":2})"), "has the key \"a\" twice");
    EXPECT_EQ(error_of(R"([{"a":1},{"a":2}])"), "");
}

TEST(Json, DepthIsBounded) {
    EXPECT_EQ(error_of(std::string(64, '[') + std::string(64, ']')), "");
    EXPECT_EQ(error_of(std::string(65, '[') + std::string(65, ']')), "is nested too deeply");
    EXPECT_EQ(error_of(std::string(1'000'000, '[')), "is nested too deeply");
}

TEST(Json, OnlyObjectsHaveMembers) {
    const auto json = parse_json(R"([{"a":1}])");

    EXPECT_EQ(json->find("a"), nullptr);
    EXPECT_EQ(json->children[0].find("b"), nullptr);
    EXPECT_EQ(json->children[0].find("a")->text, "1");
}

}  // namespace
}  // namespace policy::learn
