#include "gateway/admin/answer.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/policy_parts.h"

namespace gateway::admin {
namespace {

using namespace std::chrono_literals;
using support::kStart;
using Format = Command::Format;

session::Summary alice() {
    session::Summary summary;
    summary.handle = session::Handle(std::string(32, 'a'));
    summary.user = policy::UserName("alice\x1b[31m\n");
    summary.login = policy::LoginName("form");
    summary.groups = {"staff", "admin"};
    summary.created = kStart;
    summary.authenticated_at = kStart + 1min;
    summary.last_seen = kStart + 2min;
    summary.expires = kStart + 8h;
    summary.generation = 3;
    summary.bound = support::address("192.0.2.1");
    summary.last = support::address("198.51.100.7");
    summary.agent = "Firefox on Linux";
    return summary;
}

TEST(AdminAnswer, IsATableForPeople) {
    const std::vector sessions{alice()};

    const auto text = describe(sessions, Format::Table, kStart + 5min);

    EXPECT_EQ(text.substr(0, 7), "SESSION");
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << "nothing for the terminal to obey";
    EXPECT_NE(text.find("staff,admin"), std::string::npos);
    EXPECT_NE(text.find("  4m "), std::string::npos) << text;
    EXPECT_NE(text.find("  3m "), std::string::npos) << text;
    EXPECT_NE(text.find("198.51.100.7"), std::string::npos);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
    EXPECT_EQ(describe({}, Format::Table, kStart), "no sessions\n");
}

TEST(AdminAnswer, IsALineEachForScripts) {
    const std::vector sessions{alice(), alice()};

    const auto text = describe(sessions, Format::Json, kStart);

    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
    EXPECT_TRUE(text.starts_with("{\"v\":1,\"session\":\"" + std::string(32, 'a') + "\""));
    EXPECT_NE(text.find("\"generation\":3"), std::string::npos);
    EXPECT_EQ(describe({}, Format::Json, kStart), "");
}

TEST(AdminAnswer, SaysWhatARevocationDidOrWouldDo) {
    Command command;
    EXPECT_EQ(describe(session::Revoked{1, {}}, command), "revoked 1 session\n");
    command.mode = session::Directory::Mode::Rehearsal;
    EXPECT_EQ(describe(session::Revoked{2, {}}, command), "would revoke 2 sessions\n");
    command.format = Format::Json;
    EXPECT_EQ(describe(session::Revoked{2, {}}, command),
              "{\"v\":1,\"sessions\":2,\"dry_run\":\"yes\"}\n");
}

}  // namespace
}  // namespace gateway::admin
