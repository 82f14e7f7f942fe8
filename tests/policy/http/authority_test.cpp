#include "policy/http/authority.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/case_file.h"
#include "tests/support/heads.h"

namespace policy {
namespace {

using support::request;

static_assert(!std::is_default_constructible_v<HostName>);

bool is_refused(const Result<Authority>& authority) {
    return !authority && authority.error().reason == Reason::BadHost;
}

TEST(Authority, IsReadAsTheTableSays) {
    for (const auto& each : support::read_cases("authorities.txt")) {
        SCOPED_TRACE(each);

        const auto authority = parse_authority(each.text("in"));

        if (!each.has("host")) {
            EXPECT_TRUE(is_refused(authority));
            continue;
        }
        ASSERT_TRUE(authority.has_value());
        EXPECT_EQ(authority->host.text(), each.text("host"));
        EXPECT_EQ(authority->port.has_value(), each.has("port"));
        if (authority->port) {
            EXPECT_EQ(std::to_string(*authority->port), each.text("port"));
        }
    }
}

TEST(Authority, ANameMayHave253CharactersAndNoMore) {
    std::string name;
    for (int i = 0; i < 126; ++i) name += "a.";

    EXPECT_FALSE(is_refused(parse_authority(name + "a")));
    EXPECT_TRUE(is_refused(parse_authority(name + "aa")));
}

// HTP-004
TEST(RequestAuthority, IsThatOfHost) {
    const auto authority = request_authority(request({{"hOST", "Wiki.Example:80"}}), "");

    ASSERT_TRUE(authority.has_value());
    EXPECT_EQ(authority->host.text(), "wiki.example");
    EXPECT_EQ(authority->port, 80);
}

TEST(RequestAuthority, AnAbsoluteTargetWinsOverHost) {
    const auto authority = request_authority(request({{"Host", "b.example"}}), "a.example");

    ASSERT_TRUE(authority.has_value());
    EXPECT_EQ(authority->host.text(), "a.example");
}

TEST(RequestAuthority, WithoutHostThereIsNone) {
    EXPECT_TRUE(is_refused(request_authority(request({}), "")));
    EXPECT_TRUE(is_refused(request_authority(request({}), "a.example")));
}

TEST(RequestAuthority, TwoHostsAreNoneEvenIfTheyAgree) {
    const auto head = request({{"Host", "a.example"}, {"Host", "a.example"}});

    EXPECT_TRUE(is_refused(request_authority(head, "")));
    EXPECT_TRUE(is_refused(request_authority(head, "a.example")));
}

TEST(RequestAuthority, ABadHostIsRefusedEvenIfTheTargetWins) {
    EXPECT_TRUE(is_refused(request_authority(request({{"Host", "a@b"}}), "a.example")));
    EXPECT_TRUE(is_refused(request_authority(request({{"Host", ""}}), "a.example")));
    EXPECT_TRUE(is_refused(request_authority(request({{"Host", "a.example"}}), "a@b")));
}

}  // namespace
}  // namespace policy
