#include "gateway/audit/audit.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

namespace gateway {
namespace {

using namespace std::chrono;
using policy::Event;
using policy::Finding;
using policy::Reason;

constexpr policy::Instant kNow = sys_days(year(2026) / January / 31) + 12h + 34min + 56s + 7ms;
constexpr std::string_view kHead = "{\"v\":1,\"time\":\"2026-01-31T12:34:56.007Z\",";

struct AuditTest : testing::Test {
    std::array<int, 2> pipe{-1, -1};
    std::unique_ptr<AuditWriter> writer;
    std::unique_ptr<Audit> audit;
    const policy::IpAddress client = policy::IpAddress::v4({192, 0, 2, 17});

    AuditTest() {
        EXPECT_EQ(::pipe(pipe.data()), 0);
        writer = std::make_unique<AuditWriter>(pipe[1], [](auto) { return std::string(); });
        audit = std::make_unique<Audit>(*writer, policy::PrefixLengths{24, 56});
    }
    ~AuditTest() override {
        audit.reset();
        writer.reset();  // Writes what is left, so the pipe's end must still be open.
        ::close(pipe[0]);
    }

    // All that was written, after the end of the audit.
    std::string written() {
        audit.reset();
        writer.reset();
        std::string text;
        std::array<char, 4096> part;
        for (;;) {
            const auto got = ::read(pipe[0], part.data(), part.size());
            if (got <= 0) return text;
            text.append(part.data(), static_cast<std::size_t>(got));
        }
    }

    std::string written_about(const AuditContext& context, const Finding& finding) {
        audit->report(context, finding);
        return written();
    }

    AuditContext full_context() const {
        AuditContext context;
        context.time = kNow;
        context.request_id = "0011223344556677-42";
        context.session = "89abcdef01234567";
        context.user = "ali\"ce";
        context.client = &client;
        context.host = "wiki.example.org";
        context.route = "wiki/editors";
        context.rule = "policy.yaml:12";
        context.method = "POST";
        context.path = "/doku.php/\xC3\xBC";
        return context;
    }
};

bool holds(std::string_view line, std::string_view part) {
    return line.find(part) != std::string_view::npos;
}

// LOG-002
TEST_F(AuditTest, AnEventSaysWhenWhatWhoWhereAndWhy) {
    const Finding finding{Event::SessionBindMismatch,
                          Reason::BindingMismatch,
                          policy::Reaction::Observe,
                          {{"bound", "198.51.100.1"}, {"seen", "\n"}}};

    EXPECT_EQ(written_about(full_context(), finding),
              std::string(kHead) +
                  R"("event":"session_bind_mismatch","level":"warn",)"
                  R"("request_id":"0011223344556677-42","session":"89abcdef01234567",)"
                  R"("user":"ali\u0022ce","client":"192.0.2.17","network":"192.0.2.0/24",)"
                  R"("host":"wiki.example.org","route":"wiki/editors","rule":"policy.yaml:12",)"
                  R"("method":"POST","path":"/doku.php/\u00fc","outcome":"unknown",)"
                  R"("reason":"binding_mismatch","bound":"198.51.100.1","seen":"\u000a"})"
                  "\n");
}

TEST_F(AuditTest, AnExchangeSaysHowItEndedAndHowLongItTook) {
    audit->close(full_context(), {200, Reason::None, 1234, 567});

    EXPECT_EQ(written(), std::string(kHead) +
                             R"("event":"http_exchange","level":"info",)"
                             R"("request_id":"0011223344556677-42","session":"89abcdef01234567",)"
                             R"("user":"ali\u0022ce","client":"192.0.2.17",)"
                             R"("network":"192.0.2.0/24","host":"wiki.example.org",)"
                             R"("route":"wiki/editors","rule":"policy.yaml:12","method":"POST",)"
                             R"("path":"/doku.php/\u00fc","outcome":"success","status":200,)"
                             R"("duration_us":1234,"backend_us":567})"
                             "\n");
}

TEST_F(AuditTest, WhatIsUnknownIsLeftOut) {
    AuditContext context;
    context.time = kNow;

    audit->close(context, {});

    EXPECT_EQ(written(), std::string(kHead) + R"("event":"http_exchange","level":"info",)"
                                              R"("outcome":"aborted","duration_us":0})"
                                              "\n");
}

TEST_F(AuditTest, TheOutcomeOfAnExchangeFollowsFromItsAnswer) {
    const std::vector<std::pair<ExchangeOutcome, std::string>> cases{
        {{200, Reason::None}, R"("outcome":"success","status":200,)"},
        {{303, Reason::None}, R"("outcome":"success","status":303,)"},
        {{303, Reason::LoginRequired},
         R"("outcome":"denied","reason":"login_required","status":303,)"},
        {{401, Reason::None}, R"("outcome":"denied","status":401,)"},
        {{400, Reason::BadHost}, R"("outcome":"denied","reason":"bad_host","status":400,)"},
        {{502, Reason::BackendUnreachable},
         R"("outcome":"failure","reason":"backend_unreachable","status":502,)"},
        {{0, Reason::ClientClosed}, R"("outcome":"aborted","reason":"client_closed",)"},
    };
    for (const auto& [outcome, expected] : cases) audit->close({}, outcome);

    const auto lines = written();

    for (const auto& [outcome, expected] : cases) EXPECT_TRUE(holds(lines, expected)) << expected;
}

// LOG-004
TEST_F(AuditTest, EveryEventIsWrittenUnderItsNameWithALevelAndAnOutcome) {
    std::string expected;
    for (int i = 1; i <= static_cast<int>(Event::SysShutdown); ++i) {
        const auto& row = policy::describe(static_cast<Event>(i));
        const std::string level = row.level == policy::Level::Info   ? "info"
                                  : row.level == policy::Level::Warn ? "warn"
                                                                     : "critical";
        const std::string outcome = row.outcome == policy::Outcome::Success   ? "success"
                                    : row.outcome == policy::Outcome::Failure ? "failure"
                                    : row.outcome == policy::Outcome::Denied  ? "denied"
                                                                              : "unknown";
        AuditContext context;
        context.time = kNow;
        audit->report(context, Finding{row.event, Reason::None, {}, {}});
        expected += std::string(kHead) + "\"event\":\"" + std::string(row.name) +
                    "\",\"level\":\"" + level + "\",\"outcome\":\"" + outcome + "\"}\n";
    }

    EXPECT_EQ(written(), expected);
}

TEST_F(AuditTest, EveryReasonIsWrittenAsItsWord) {
    constexpr int kLast = static_cast<int>(Reason::Internal);
    for (int i = 1; i <= kLast; ++i) audit->close({}, {500, static_cast<Reason>(i)});

    const auto lines = written();

    for (int i = 1; i <= kLast; ++i) {
        const std::string word(policy::word(static_cast<Reason>(i)));
        EXPECT_TRUE(holds(lines, "\"reason\":\"" + word + "\",\"status\":500")) << word;
    }
}

TEST_F(AuditTest, AFindingKnowsItsSessionUserAndNetworkBetter) {
    const Finding finding{
        Event::AuthnLoginFailMax,
        Reason::None,
        {},
        {{"session", "its-own"}, {"count", "5"}, {"user", "bob"}, {"network", "192.0.0.0/16"}}};

    const auto line = written_about(full_context(), finding);

    EXPECT_TRUE(holds(line, R"("session":"its-own","user":"bob","client":"192.0.2.17",)"));
    EXPECT_TRUE(holds(line, R"("network":"192.0.0.0/16","host":)"));
    EXPECT_TRUE(holds(line, R"("outcome":"failure","count":"5"})")) << "none of them stands twice";
}

TEST_F(AuditTest, WhatAFindingKnowsIsForgottenInTheNextLine) {
    audit->report(full_context(),
                  Finding{Event::SessionCreated, Reason::None, {}, {{"session", "other"}}});
    audit->close(full_context(), {200});

    const auto lines = written();

    EXPECT_TRUE(holds(lines.substr(lines.find('\n')), R"("session":"89abcdef01234567")"));
}

TEST_F(AuditTest, EachLineShowsTheClientOfItsOwn) {
    const auto neighbour = policy::IpAddress::v6({0x20, 1, 0xd, 0xb8, 0, 1, 2, 3});
    auto context = full_context();
    for (const auto* each : {&client, &neighbour, &client}) {
        context.client = each;
        audit->close(context, {200});
    }

    const auto lines = written();

    const auto second = lines.find('\n') + 1;
    const auto third = lines.find('\n', second) + 1;
    EXPECT_TRUE(holds(lines.substr(0, second), R"("192.0.2.17","network":"192.0.2.0/24")"));
    EXPECT_TRUE(holds(lines.substr(second, third - second),
                      R"("client":"2001:db8:1:203::","network":"2001:db8:1:200::/56")"));
    EXPECT_TRUE(holds(lines.substr(third), R"("192.0.2.17","network":"192.0.2.0/24")"));
}

TEST_F(AuditTest, NothingInAnyValueCanForgeALine) {  // LOG-001
    const std::string nasty = "\"}\r\n{\"event\":\"\x1b\xE2\x80\xAE\xFF";
    auto context = full_context();
    for (auto* value : {&context.session, &context.user, &context.host, &context.route,
                        &context.rule, &context.path}) {
        *value = nasty;
    }

    const auto line = written_about(
        context, Finding{Event::AuthzFail, Reason::None, {}, {{"why", nasty}, {"network", nasty}}});

    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_FALSE(holds(line, "\r"));
    EXPECT_FALSE(holds(line, "{\"event\""));
    for (const char c : line) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~'));
}

TEST_F(AuditTest, EventsLeaveAtOnceAndExchangesInBatches) {
    audit->close(full_context(), {200});
    EXPECT_TRUE(audit->has_lines());

    audit->report(full_context(), Finding{Event::AuthzFail, Reason::LoginRequired, {}, {}});
    EXPECT_FALSE(audit->has_lines());

    int waiting = 0;
    for (; waiting < 1000; ++waiting) {
        audit->close(full_context(), {200});
        if (!audit->has_lines()) break;
    }
    EXPECT_GT(waiting, 10);
    EXPECT_LT(waiting, 1000);
}

TEST(ProcessLine, SaysWhatTheProcessDid) {
    EXPECT_EQ(process_line(Event::SysStartup, kNow, "policy", "gateway.yaml"),
              std::string(kHead) + R"("event":"sys_startup","level":"info","outcome":"success",)"
                                   R"("policy":"gateway.yaml"})"
                                   "\n");
    EXPECT_EQ(process_line(Event::AuditLost, kNow, "lines", "17"),
              std::string(kHead) +
                  R"("event":"audit_lost","level":"critical","outcome":"failure","lines":"17"})"
                  "\n");
}

}  // namespace
}  // namespace gateway
