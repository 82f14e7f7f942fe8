#include "policy/route.h"

#include <gtest/gtest.h>

#include "tests/support/policy_parts.h"

namespace policy {
namespace {

using support::facts;
using support::head;

Route route(std::string name, std::string host, PathMatch path) {
    auto made = support::public_route();
    made.name = std::move(name);
    made.host = std::move(host);
    made.path = std::move(path);
    return made;
}

std::string found(const RouteTable& table, std::string_view target) {
    const auto request = head(Method::Get, target);
    const auto request_facts = facts(request);
    const auto match = table.find(request_facts.host, request_facts.target);
    return match ? (*match)->name : std::string(word(match.error().reason));
}

TEST(Routes, TheFirstThatCoversThePathCounts) {
    const RouteTable table({route("admin", "app.test", {PathMatch::Kind::Prefix, "/admin"}),
                            route("exact", "app.test", {PathMatch::Kind::Exact, "/health"}),
                            route("rest", "app.test", {PathMatch::Kind::Prefix, "/"})});

    EXPECT_EQ(found(table, "/admin"), "admin");
    EXPECT_EQ(found(table, "/admin/users?x"), "admin");
    EXPECT_EQ(found(table, "/health"), "exact");
    EXPECT_EQ(found(table, "/health/x"), "rest");
}

TEST(Routes, PrefixesEndAtSegments) {
    const RouteTable table({route("app", "app.test", {PathMatch::Kind::Prefix, "/app"})});

    EXPECT_EQ(found(table, "/app"), "app");
    EXPECT_EQ(found(table, "/app/x"), "app");
    EXPECT_EQ(found(table, "/application"), "no_route");
}

TEST(Routes, MatchOnTheCanonicalPath) {  // HTP-011
    const RouteTable table({route("admin", "app.test", {PathMatch::Kind::Prefix, "/admin"}),
                            route("rest", "app.test", {PathMatch::Kind::Prefix, "/"})});

    EXPECT_EQ(found(table, "/%61dmin"), "admin");
    EXPECT_EQ(found(table, "/ADMIN"), "rest") << "paths are case-sensitive";
}

TEST(Routes, APathThatFoldsIntoAGuardedOneIsRefused) {  // HTP-011
    auto guarded = route("admin", "app.test", {PathMatch::Kind::Prefix, "/admin"});
    guarded.require.who = Requirement::Who::AnyUser;
    const RouteTable table({guarded, route("rest", "app.test", {PathMatch::Kind::Prefix, "/"})});

    for (const auto* target : {"//admin", "/;/admin", "/admin;x", "/;a=b//admin;x/users"})
        EXPECT_EQ(found(table, target), "ambiguous_path") << target;
    EXPECT_EQ(found(table, "/open;x//y"), "rest");
}

TEST(Routes, WhatIsNotNamedIsRefused) {  // CFG-002
    const RouteTable other({route("x", "other.test", {PathMatch::Kind::Prefix, "/"})});

    EXPECT_EQ(found(other, "/"), "unknown_host");
    EXPECT_EQ(found(RouteTable(), "/"), "unknown_host");
}

TEST(Routes, KnowWhoLetsBrowsersHoldACookie) {
    auto wiki = route("wiki", "wiki.example.org", {});
    auto erp = route("erp", "erp.example.org", {});
    Backend lenient;
    lenient.cookies.rules = {{"lang", CookieMode::Readable}};
    erp.backend = std::make_shared<Backend>(lenient);
    const RouteTable table({wiki, erp});

    EXPECT_TRUE(table.releases("erp.example.org", "lang"));
    EXPECT_TRUE(table.releases("example.org", "lang"));
    EXPECT_FALSE(table.releases("wiki.example.org", "lang"));
    EXPECT_FALSE(table.releases("ample.org", "lang"));
    EXPECT_FALSE(table.releases("example.org", "SID"));
}

}  // namespace
}  // namespace policy
