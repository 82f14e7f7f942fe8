#include "gateway/admin/command.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/policy_parts.h"

namespace gateway::admin {
namespace {

using namespace std::chrono_literals;
using support::kStart;
using Verb = Command::Verb;

const std::string kHandle(32, 'a');

std::string fault_of(std::string_view line) {
    const auto command = parse_command(line, kStart);
    return command ? std::string() : command.error().context;
}

TEST(AdminCommand, SaysWhatIsMeant) {
    const auto command = parse_command(
        "revoke user=alice%20b&network=192.0.2.77%2F32&created_before=2h&limit=5&dry_run=1&json=1"
        "&reason=lost+phone&session=" +
            kHandle,
        kStart);

    ASSERT_TRUE(command) << command.error().context;
    EXPECT_EQ(command->verb, Verb::Revoke);
    EXPECT_EQ(command->selection.user->text(), "alice b");
    EXPECT_EQ(command->selection.network->text(), "192.0.2.77/32");
    EXPECT_EQ(command->selection.created_before, kStart - 2h);
    EXPECT_EQ(command->selection.handle->text(), kHandle);
    EXPECT_EQ(command->most, 5U);
    EXPECT_EQ(command->mode, session::Directory::Mode::Rehearsal);
    EXPECT_EQ(command->format, Command::Format::Json);
    EXPECT_EQ(command->reason, "lost phone");
    EXPECT_EQ(command->asked,
              "user=alice b network=192.0.2.77/32 created_before=2h session=" + kHandle);
}

TEST(AdminCommand, MeansAllOnlyWhenItSaysSo) {
    EXPECT_TRUE(parse_command("list", kStart));
    EXPECT_NE(fault_of("revoke"), "");
    EXPECT_NE(fault_of("revoke limit=3&dry_run=1"), "");
    EXPECT_TRUE(parse_command("revoke everything=1", kStart));
    EXPECT_NE(fault_of("show"), "");
    EXPECT_TRUE(parse_command("show session=" + kHandle, kStart));
}

TEST(AdminCommand, MakesSenseOrIsRefused) {
    for (const auto* line :
         {"", "end", "LIST", "list user", "list user=", "list user=%zz", "list network=x",
          "list network=1.2.3.4/33", "list network=::1/129", "list session=x", "list limit=-1",
          "list limit=100001", "list created_before=yesterday", "list everything=0",
          "list everything=yes", "list unknown=1", "list =1", "list dry_run="})
        EXPECT_NE(fault_of(line), "") << line;
}

TEST(AdminCommand, MasksTheNetwork) {
    EXPECT_EQ(parse_command("list network=192.0.2.77%2F24", kStart)->selection.network->text(),
              "192.0.2.0/24");
    EXPECT_EQ(parse_command("list network=2001%3Adb8%3A%3A1", kStart)->selection.network->bits,
              128U);
}

TEST(AdminCommand, ReadsDatesAndAges) {
    using namespace std::chrono;
    const policy::Instant date = sys_days(year(2026) / 2 / 28) + 23h + 59min + 58s;

    EXPECT_EQ(parse_moment("2026-02-28T23:59:58Z", kStart), date);
    EXPECT_EQ(parse_moment("90m", kStart), kStart - 90min);
    for (const auto* wrong :
         {"", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z",
          "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00", "2026-01-01",
          "2026-01-01 00:00:00Z", "2026-01-01T00:00:00+01:00", "26-01-01T00:00:00Z", "2h2h", "h"})
        EXPECT_FALSE(parse_moment(wrong, kStart)) << wrong;
}

}  // namespace
}  // namespace gateway::admin
