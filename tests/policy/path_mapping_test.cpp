#include "policy/path_mapping.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

struct PathMappings : testing::Test {
    Arena arena;
    const PathMapping none;
    const PathMapping wiki{"/wiki", ""};
    const PathMapping deeper{"", "/app"};
    const PathMapping renamed{"/my/erp", "/srv"};

    std::string to_backend(const PathMapping& mapping, std::string_view target) {
        const auto mapped = mapping.to_backend(target, arena);
        return mapped ? std::string(*mapped) : std::string(word(mapped.error().reason));
    }
    std::string to_public(const PathMapping& mapping, std::string_view path) {
        return std::string(mapping.to_public(path, arena).value_or("unreachable"));
    }
};

TEST_F(PathMappings, ExchangeThePrefixOfATarget) {
    EXPECT_EQ(to_backend(wiki, "/wiki/page?q=/wiki"), "/page?q=/wiki");
    EXPECT_EQ(to_backend(deeper, "/page"), "/app/page");
    EXPECT_EQ(to_backend(renamed, "/my/erp/a/b"), "/srv/a/b");
}

TEST_F(PathMappings, TheEndOfAPrefixIsTheEndOfASegment) {
    EXPECT_EQ(to_backend(wiki, "/wiki"), "/");
    EXPECT_EQ(to_backend(wiki, "/wiki/"), "/");
    EXPECT_EQ(to_backend(wiki, "/wiki?q"), "/?q");
    EXPECT_EQ(to_backend(renamed, "/my/erp"), "/srv");
    EXPECT_EQ(to_backend(wiki, "/wikis/page"), "no_route");
    EXPECT_EQ(to_backend(wiki, "/wik"), "no_route");
    EXPECT_EQ(to_backend(wiki, "/"), "no_route");
    EXPECT_EQ(to_backend(wiki, "/WIKI/page"), "no_route");
}

TEST_F(PathMappings, WhatFollowsStaysByteForByte) {
    EXPECT_EQ(to_backend(wiki, "/wiki/caf%C3%A9%20;v=1/%7Euser?%00"),
              "/caf%C3%A9%20;v=1/%7Euser?%00");
}

TEST_F(PathMappings, APrefixMayBeSpelledWithEscapes) {
    EXPECT_EQ(to_backend(wiki, "/%77iki/page"), "/page");
    EXPECT_EQ(to_backend(wiki, "/%77ik%69"), "/");
}

TEST_F(PathMappings, NothingBecomesAHost) {
    EXPECT_EQ(to_backend(wiki, "/wiki//evil.test/x"), "ambiguous_path");
    EXPECT_EQ(to_backend(renamed, "/my/erp//x"), "/srv//x");
}

TEST_F(PathMappings, WithoutOneTheVeryBytesAreReturned) {
    const std::string target = "//page";

    EXPECT_EQ(none.to_backend(target, arena)->data(), target.data());
    EXPECT_EQ(none.to_public(target, arena)->data(), target.data());
}

TEST_F(PathMappings, LeadBack) {
    EXPECT_EQ(to_public(wiki, "/page"), "/wiki/page");
    EXPECT_EQ(to_public(wiki, "/"), "/wiki/");
    EXPECT_EQ(to_public(deeper, "/app/page"), "/page");
    EXPECT_EQ(to_public(deeper, "/app"), "/");
    EXPECT_EQ(to_public(deeper, "/%61pp/page"), "/page");
    EXPECT_EQ(to_public(deeper, "/apple"), "unreachable");
    EXPECT_EQ(to_public(deeper, "/other"), "unreachable");
    EXPECT_EQ(to_public(renamed, "/srv/x"), "/my/erp/x");
}

TEST_F(PathMappings, KnowWhatIsPublic) {
    EXPECT_TRUE(wiki.is_public("/wiki/page"));
    EXPECT_FALSE(wiki.is_public("/page"));
    EXPECT_TRUE(deeper.is_public("/page"));
}

}  // namespace
}  // namespace policy
