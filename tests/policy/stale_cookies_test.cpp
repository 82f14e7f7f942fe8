#include "policy/stale_cookies.h"

#include <gmock/gmock.h>

namespace policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

bool is_suffix(std::string_view domain) {
    return domain == "org" || domain == "co.uk" || domain == "localhost";
}

TEST(RemovalPaths, AreTheFoldersOnTheWay) {
    EXPECT_THAT(removal_paths("/"), ElementsAre("/"));
    EXPECT_THAT(removal_paths("/app"), ElementsAre("/", "/app"));
    EXPECT_THAT(removal_paths("/app/"), ElementsAre("/", "/app", "/app/"));
    EXPECT_THAT(removal_paths("/app/page"), ElementsAre("/", "/app", "/app/", "/app/page"));
}

TEST(RemovalPaths, AreBounded) {
    EXPECT_THAT(removal_paths("/a/b/c/d/e/f"), ElementsAre("/", "/a", "/a/", "/a/b", "/a/b/"));
}

TEST(RemovalPaths, EndWhereAnAttributeWould) {
    EXPECT_THAT(removal_paths("/a;v=1/b"), ElementsAre("/", "/a"));
}

TEST(RemovalDomains, GoUpToTheRegistrableOne) {
    EXPECT_THAT(removal_domains("wiki.example.org", is_suffix),
                ElementsAre("wiki.example.org", "example.org"));
    EXPECT_THAT(removal_domains("a.example.co.uk", is_suffix),
                ElementsAre("a.example.co.uk", "example.co.uk"));
}

TEST(RemovalDomains, AreBounded) {
    EXPECT_THAT(
        removal_domains("a.b.c.d.e.example.org", is_suffix),
        ElementsAre("a.b.c.d.e.example.org", "d.e.example.org", "e.example.org", "example.org"));
}

TEST(RemovalDomains, ThereAreNoneOfAddressesAndSuffixes) {
    EXPECT_THAT(removal_domains("192.0.2.7", is_suffix), IsEmpty());
    EXPECT_THAT(removal_domains("[::1]", is_suffix), IsEmpty());
    EXPECT_THAT(removal_domains("localhost", is_suffix), IsEmpty());
}

TEST(Removals, NameEachPlaceOnce) {
    const std::vector<std::string_view> domains{"a.test"}, paths{"/", "/app"};
    std::vector<std::string> lines;

    add_removals("SID", domains, paths, lines);

    EXPECT_THAT(lines, ElementsAre("SID=; Path=/; Max-Age=0; Secure; HttpOnly",
                                   "SID=; Path=/; Domain=a.test; Max-Age=0; Secure; HttpOnly",
                                   "SID=; Path=/app; Max-Age=0; Secure; HttpOnly",
                                   "SID=; Path=/app; Domain=a.test; Max-Age=0; Secure; HttpOnly"));
}

TEST(Removals, AreBounded) {
    const std::vector<std::string_view> domains(10, "a.test"), paths(10, "/");
    std::vector<std::string> lines;

    add_removals("SID", domains, paths, lines);

    EXPECT_EQ(lines.size(), kMostRemovals);
}

}  // namespace
}  // namespace policy
