#include "policy/http/media_type.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

std::string parameter_of(std::string_view text, std::string_view name) {
    const auto type = parse_media_type(text);
    if (!type) return "(refused)";
    const auto* value = type->parameter(name);
    return value ? *value : "(none)";
}

TEST(MediaType, HasANameInLowerCase) {
    EXPECT_EQ(parse_media_type("text/html")->name, "text/html");
    EXPECT_EQ(parse_media_type("Text/HTML ; a=b")->name, "text/html");
    EXPECT_EQ(parse_media_type("application/vnd.api+json;")->name, "application/vnd.api+json");
}

TEST(MediaType, HasParameters) {
    EXPECT_EQ(parameter_of("text/plain; Charset=UTF-8", "charset"), "UTF-8");
    EXPECT_EQ(parameter_of("text/plain;a=b ;\tc=\"d;e\" ", "c"), "d;e");
    EXPECT_EQ(parameter_of("text/plain;a=b ;c=d", "a"), "b");
    EXPECT_EQ(parameter_of("text/plain;; a=b;", "a"), "b");
    EXPECT_EQ(parameter_of("text/plain; a=\"\"", "a"), "");
    EXPECT_EQ(parameter_of("text/plain; a=b", "c"), "(none)");
}

TEST(MediaType, WhatHasSeveralReadingsHasNone) {
    for (const auto* text : {"",
                             "text",
                             "text/",
                             "/plain",
                             "text/plain/x",
                             "text /plain",
                             "text/plain, text/html",
                             "text/plain; a=b; A=c",
                             "text/plain; a*=utf-8''b",
                             "text/plain; a*0=b",
                             "text/plain; a",
                             "text/plain; =b",
                             "text/plain; a =b",
                             "text/plain; a= b c",
                             "text/plain; a=",
                             "text/plain; a=\"b",
                             "text/plain; a=\"b\\\"c\"",
                             "text/plain; a=\"b\"c",
                             "text/plain; a=b\"c\"",
                             "text/plain; a=\"b\x01\"",
                             "text/plain a=b",
                             "text/plain; a=b,c",
                             "text/plain; a=(b)"})
        EXPECT_FALSE(parse_media_type(text)) << text;
}

TEST(MediaType, IsInUtf8UnlessItSaysOtherwise) {
    EXPECT_TRUE(parse_media_type("text/plain")->is_utf8());
    EXPECT_TRUE(parse_media_type("text/plain; charset=\"Utf-8\"")->is_utf8());
    EXPECT_FALSE(parse_media_type("text/plain; charset=utf-16")->is_utf8());
    EXPECT_FALSE(parse_media_type("text/plain; charset=\"\"")->is_utf8());
}

}  // namespace
}  // namespace policy
