#include "policy/user_agent.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/support/case_file.h"

namespace policy {
namespace {

TEST(UserAgent, IsReadAsTheTableSays) {  // BND-003
    for (const auto& row : support::read_cases("user_agents.txt"))
        EXPECT_EQ(agent_family(row.text("agent")).text(), row.text("family")) << row;
}

TEST(UserAgent, VersionsSayNothing) {
    const auto firefox = [](int version) {
        return agent_family("Mozilla/5.0 (Windows NT 10.0; rv:" + std::to_string(version) +
                            ".0) Gecko/20100101 Firefox/" + std::to_string(version) + ".0");
    };

    EXPECT_EQ(firefox(115), firefox(128));
    EXPECT_EQ(agent_family("curl/7.88.1"), agent_family("curl/8.5.0"));
}

TEST(UserAgent, ToolsAreToldApartByTheirNames) {
    EXPECT_FALSE(agent_family("curl/8.1") == agent_family("python-requests/2.31"));
    EXPECT_FALSE(agent_family("curl/8.1") == agent_family(""));
    EXPECT_EQ(agent_family("curl/8.1"), agent_family("CURL"));
}

TEST(UserAgent, LooksAtNoMoreThanTheBeginning) {
    const std::string junk(8192, 'x');

    EXPECT_EQ(agent_family("Mozilla/5.0 " + junk + " Firefox/1.0").browser, Browser::Other);
}

TEST(UserAgent, AnyBytesHaveAFamily) {
    EXPECT_TRUE(rc::check([](const std::string& bytes) {
        const auto family = agent_family(bytes);
        RC_ASSERT(family == agent_family(bytes));
        RC_ASSERT(!family.text().empty());
    }));
}

}  // namespace
}  // namespace policy
