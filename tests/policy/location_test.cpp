#include "policy/location.h"

#include <gtest/gtest.h>

#include "tests/support/case_file.h"
#include "tests/support/policy_parts.h"

namespace policy {
namespace {

const std::vector<std::string> kNames{"jsessionid"};

std::string prefix_of(std::string_view text) {
    return text == "/" ? std::string() : std::string(text);
}

Backend backend_of(const support::Case& each) {
    Backend backend;
    backend.servers = {{"10.0.0.5", 9000}, {"fd00::5", 9001}};
    auto& rules = backend.crossing;
    if (each.has("sent")) rules.host = parse_authority(each.text("sent")).value();
    if (each.has("origin")) rules.own_origins = {parse_origin(each.text("origin")).value()};
    if (each.has("leave")) rules.location = CrossingRules::Mode::Leave;
    const auto paths = each.text("paths");
    const auto blank = paths.find(' ');
    if (each.has("paths"))
        rules.paths = {prefix_of(paths.substr(0, blank)), prefix_of(paths.substr(blank + 1))};
    return backend;
}

TEST(Location, BecomesOursAsTheTableSays) {
    for (const auto& each : support::read_cases("locations.txt")) {
        SCOPED_TRACE(each);
        const auto backend = backend_of(each);
        const auto host = each.has("host") ? each.text("host") : "wiki.test:8443";
        const auto head = support::request({{"Host", host}});
        const auto request = read_facts(head, "/page", {}).value();
        const Crossing crossing{backend, request, kNames};
        const bool refreshes = each.has("refresh");
        const auto value = each.text(refreshes ? "refresh" : "location");
        Arena arena;

        const auto told = refreshes ? public_refresh(value, crossing, arena)
                                    : public_location(value, crossing, arena);

        ASSERT_EQ(told.has_value(), !each.has("dropped"));
        if (told) {
            EXPECT_EQ(*told, each.has("out") ? each.text("out") : value);
        }
    }
}

struct OwnOrigin : testing::Test {
    Backend backend;
    std::string host = "wiki.test:8443";

    std::string told(std::string_view value) {
        const auto head = support::request({{"Host", host}});
        const auto request = read_facts(head, "/page", {}).value();
        Arena arena;
        return std::string(backend_origin(value, {backend, request, {}}, arena));
    }
};

TEST_F(OwnOrigin, BecomesTheBackends) {
    EXPECT_EQ(told("https://wiki.test:8443"), "http://wiki.test:8443");
    EXPECT_EQ(told("https://wiki.test:8443/page?q"), "http://wiki.test:8443/page?q");
}

TEST_F(OwnOrigin, IsThatOfTheHostThatItIsSent) {
    backend.crossing.host = parse_authority("erp.internal:8080").value();

    EXPECT_EQ(told("https://wiki.test:8443"), "http://erp.internal:8080");
}

TEST_F(OwnOrigin, HasNoDefaultPort) {
    host = "wiki.test:443";

    EXPECT_EQ(told("https://wiki.test"), "http://wiki.test:443");
    EXPECT_EQ(told("https://wiki.test:443"), "https://wiki.test:443");
}

TEST_F(OwnOrigin, HasItsPathMapped) {
    backend.crossing.paths = {"/wiki", "/app"};

    EXPECT_EQ(told("https://wiki.test:8443/wiki/page"), "http://wiki.test:8443/app/page");
    EXPECT_EQ(told("https://wiki.test:8443/else"), "http://wiki.test:8443/else");
}

TEST_F(OwnOrigin, AnotherStaysAsItIs) {
    for (const auto* other :
         {"", "null", "https://evil.test", "http://wiki.test:8443", "https://wiki.test",
          "https://wiki.test:84430", "https://wiki.test:8443.evil.test", "https://WIKI.test:8443",
          "https://wiki.test.:8443", "https://user@wiki.test:8443", "https://wiki.test:8443@evil",
          "https://evil.test/https://wiki.test:8443"})
        EXPECT_EQ(told(other), other);
}

}  // namespace
}  // namespace policy
