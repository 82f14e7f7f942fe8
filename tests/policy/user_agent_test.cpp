#include "policy/user_agent.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <type_traits>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/support/case_file.h"

namespace policy {
namespace {

static_assert(std::is_trivially_copyable_v<AgentFamily>);
static_assert(sizeof(AgentFamily) <= 4, "one in every session");

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// `agent` with another number in each place where versions stand.
std::string with_other_versions(std::string_view agent) {
    constexpr std::string_view kBeforeVersions = "/ ._-";
    std::string other;
    for (std::size_t i = 0; i < agent.size(); ++i) {
        const bool begins_number = is_digit(agent[i]) && i > 0 &&
                                   kBeforeVersions.find(agent[i - 1]) != std::string_view::npos;
        if (!begins_number) {
            other += agent[i];
            continue;
        }
        while (i + 1 < agent.size() && is_digit(agent[i + 1])) ++i;
        other += std::to_string(*rc::gen::inRange(0, 10000));
    }
    return other;
}

TEST(UserAgent, IsReadAsTheTableSays) {  // BND-003
    for (const auto& row : support::read_cases("user_agents.txt"))
        EXPECT_EQ(agent_family(row.text("agent")).text(), row.text("family")) << row;
}

TEST(UserAgent, VersionsSayNothing) {  // BND-003
    const auto rows = support::read_cases("user_agents.txt");
    EXPECT_TRUE(rc::check([&rows] {
        const auto agent = (*rc::gen::elementOf(rows)).text("agent");
        const auto other = with_other_versions(agent);
        RC_ASSERT(agent_family(other) == agent_family(agent));
    }));
}

TEST(UserAgent, ToolsAreToldApartByTheirNames) {
    EXPECT_FALSE(agent_family("curl/8.1") == agent_family("python-requests/2.31"));
    EXPECT_FALSE(agent_family("curl/8.1") == agent_family(""));
    EXPECT_FALSE(agent_family("curl/8.1") == agent_family("curlie/8.1"));
    EXPECT_EQ(agent_family("curl/8.1"), agent_family("CURL"));
}

TEST(UserAgent, LooksAtNoMoreThanTheBeginning) {
    const std::string junk(8192, 'x');

    EXPECT_EQ(agent_family("Mozilla/5.0 " + junk + " Firefox/1.0").browser, Browser::Other);
}

TEST(UserAgent, AnotherPlatformOrBrowserIsAnotherFamily) {  // BND-003
    const auto family = [](std::string_view system, std::string_view browser) {
        return agent_family("Mozilla/5.0 (" + std::string(system) + ") " + std::string(browser));
    };
    const auto usual = family("Windows NT 10.0", "Firefox/128.0");

    EXPECT_FALSE(usual == family("X11; Linux x86_64", "Firefox/128.0"));
    EXPECT_FALSE(usual == family("Windows NT 10.0", "Chrome/126.0 Safari/537.36"));
    EXPECT_FALSE(usual == agent_family("")) << "saying nothing is no way to look alike";
}

TEST(UserAgent, AnyBytesHaveAFamilyInWordsOfOurs) {
    EXPECT_TRUE(rc::check([](const std::string& bytes) {
        for (const auto& agent : {bytes, "Mozilla/5.0 " + bytes}) {
            const auto text = agent_family(agent).text();
            RC_ASSERT(!text.empty() && text.size() <= 32U);
            RC_ASSERT(std::all_of(text.begin(), text.end(), [](char c) {
                return c == ' ' || is_digit(c) || std::isalpha(static_cast<unsigned char>(c));
            }));
        }
    }));
}

}  // namespace
}  // namespace policy
