#include "policy/intake.h"

#include <gtest/gtest.h>

#include "tests/support/policy_parts.h"

namespace policy {
namespace {

using support::address;
using support::facts;
using support::head;

RequestHead with(std::initializer_list<Field> fields, Method method = Method::Get) {
    auto request = head(method, "/");
    for (const auto& field : fields) request.fields.add(field.name, field.value);
    return request;
}

TEST(Intake, GathersWhatIsDecidedOn) {
    auto request = support::request({{"Host", "App.Test:8443"}, {"User-Agent", "x/1"}});
    request.target = "/a%20b?q=1";

    const auto found = read_facts(request, request.target, address("192.0.2.7"));

    ASSERT_TRUE(found);
    EXPECT_EQ(found->host.text(), "app.test");
    EXPECT_EQ(found->port, 8443);
    EXPECT_EQ(found->target.path.text(), "/a b");
    EXPECT_EQ(found->target.query, "q=1");
    EXPECT_EQ(found->user_agent, "x/1");
}

TEST(Intake, APersonIsLookingWhenTheBrowserSaysSo) {
    EXPECT_TRUE(facts(with({{"Sec-Fetch-Mode", "navigate"}})).is_navigation);
    EXPECT_FALSE(facts(with({{"Sec-Fetch-Mode", "cors"}, {"Accept", "text/html"}})).is_navigation);
}

TEST(Intake, OldBrowsersAreKnownByWhatTheyAccept) {
    EXPECT_TRUE(facts(with({{"Accept", "text/html,*/*"}})).is_navigation);
    EXPECT_FALSE(facts(with({{"Accept", "application/json"}})).is_navigation);
    EXPECT_FALSE(facts(with({{"Accept", "text/html"}, {"X-Requested-With", "XMLHttpRequest"}}))
                     .is_navigation);
    EXPECT_FALSE(facts(with({{"Accept", "text/html"}}, Method::Post)).is_navigation);
}

TEST(Intake, WhatHasTwoReadingsIsRefused) {
    auto dotted = head(Method::Get, "/a/../b");
    auto hostless = support::request({});
    hostless.target = "/";

    EXPECT_EQ(read_facts(dotted, dotted.target, {}).error().reason, Reason::AmbiguousPath);
    EXPECT_EQ(read_facts(hostless, hostless.target, {}).error().reason, Reason::BadHost);
}

TEST(Intake, TwoContentTypesAreRefused) {
    const auto twice = support::request({{"Host", "app.test"},
                                         {"Content-Type", "application/x-www-form-urlencoded"},
                                         {"content-type", "multipart/form-data; boundary=x"}});

    const auto facts = read_facts(twice, twice.target, support::address("192.0.2.7"));

    ASSERT_FALSE(facts);
    EXPECT_EQ(facts.error().reason, Reason::BadFieldValue);
}

TEST(Intake, ReadsTheTargetThatItIsGiven) {  // SID-003
    const auto request = head(Method::Get, "/page;jsessionid=1");

    const auto found = read_facts(request, "/page?q", address("192.0.2.7"));

    EXPECT_EQ(found->target.path.text(), "/page");
    EXPECT_EQ(found->forwarded, "/page?q");
    EXPECT_EQ(found->forwarded_path(), "/page");
}

}  // namespace
}  // namespace policy
