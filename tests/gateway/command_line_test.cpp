#include "gateway/command_line.h"

#include <fstream>
#include <iterator>
#include <vector>

#include <gmock/gmock.h>

#include "tests/support/certificate.h"
#include "tests/support/policy_folder.h"

namespace gateway {
namespace {

using testing::HasSubstr;

struct Outcome {
    int exit_code = -1;
    std::string out;
    std::string err;
};

Outcome run_with(std::vector<std::string> words) {
    std::vector<const char*> argv{"sallyport"};
    for (const auto& word : words) argv.push_back(word.c_str());
    Outcome outcome;
    // Descriptors are redirected, so that the log is caught too.
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    outcome.exit_code = run_command_line(static_cast<int>(argv.size()), argv.data());
    outcome.out = testing::internal::GetCapturedStdout();
    outcome.err = testing::internal::GetCapturedStderr();
    return outcome;
}

struct CommandLine : testing::Test {
    support::PolicyFolder folder;
    std::string policy = folder.file("policy.yaml").string();

    void write_policy(const std::string& more = {}) const {
        std::ifstream base(std::string(SALLYPORT_CASES) + "/config/base.yaml");
        folder.write("policy.yaml", std::string(std::istreambuf_iterator<char>(base), {}) + more);
    }
};

TEST_F(CommandLine, WithoutACommandIsWrongUsage) {
    const auto outcome = run_with({});

    EXPECT_EQ(outcome.exit_code, kBadUsage);
    EXPECT_THAT(outcome.err, HasSubstr("A subcommand is required"));
}

TEST_F(CommandLine, WithAnUnknownCommandIsWrongUsage) {
    EXPECT_EQ(run_with({"serve"}).exit_code, kBadUsage);
}

TEST_F(CommandLine, WithAnUnknownOptionIsWrongUsage) {
    EXPECT_EQ(run_with({"check", "--force", policy}).exit_code, kBadUsage);
}

TEST_F(CommandLine, RunDemandsAPolicyFile) {
    const auto outcome = run_with({"run"});

    EXPECT_EQ(outcome.exit_code, kBadUsage);
    EXPECT_THAT(outcome.err, HasSubstr("--config"));
}

TEST_F(CommandLine, CheckDemandsAPolicyFile) {
    EXPECT_EQ(run_with({"check"}).exit_code, kBadUsage);
}

TEST_F(CommandLine, HelpIsASuccessAndNamesTheExitCodes) {
    const auto outcome = run_with({"--help"});

    EXPECT_EQ(outcome.exit_code, kSuccess);
    EXPECT_THAT(outcome.out, HasSubstr("Exit codes: 0 success"));
}

TEST_F(CommandLine, VersionNamesOurselvesAndOpenSsl) {
    const auto outcome = run_with({"version"});

    EXPECT_EQ(outcome.exit_code, kSuccess);
    EXPECT_THAT(outcome.out, HasSubstr("sallyport " SALLYPORT_VERSION "\nOpenSSL "));
}

TEST_F(CommandLine, CheckOfAGoodPolicySaysOk) {
    write_policy();
    const auto certificate = support::make_certificate();
    folder.write("tls.pem", certificate.pem);
    folder.write("tls.key", certificate.key);

    const auto outcome = run_with({"check", policy});

    EXPECT_EQ(outcome.exit_code, kSuccess) << outcome.err;
    EXPECT_EQ(outcome.out, policy + ": ok\n");
    EXPECT_EQ(outcome.err, "");
}

TEST_F(CommandLine, CheckOfABadPolicySaysEverythingThatIsWrong) {
    write_policy("first_mistake: 1\nsecond_mistake: 2\n");

    const auto outcome = run_with({"check", policy});

    EXPECT_EQ(outcome.exit_code, kBadPolicy);
    EXPECT_THAT(outcome.err, HasSubstr("first_mistake"));
    EXPECT_THAT(outcome.err, HasSubstr("second_mistake"));
    EXPECT_THAT(outcome.err, HasSubstr("\n2 complaints; nothing was started\n"));
    EXPECT_EQ(outcome.out, "");
}

TEST_F(CommandLine, CheckOfAMissingPolicyIsOneComplaint) {
    const auto outcome = run_with({"check", policy});

    EXPECT_EQ(outcome.exit_code, kBadPolicy);
    EXPECT_THAT(outcome.err, HasSubstr(policy));
    EXPECT_THAT(outcome.err, HasSubstr("\n1 complaint; nothing was started\n"));
}

TEST_F(CommandLine, RunWithABadPolicyStartsNothing) {
    write_policy("mistake: 1\n");

    const auto outcome = run_with({"run", "--config", policy});

    EXPECT_EQ(outcome.exit_code, kBadPolicy);
    EXPECT_THAT(outcome.err, HasSubstr("1 complaint; nothing was started"));
}

TEST_F(CommandLine, RunThatCannotServeSaysWhy) {
    write_policy();  // Good, but the certificate is none.

    const auto outcome = run_with({"run", "--config", policy});

    EXPECT_EQ(outcome.exit_code, kCannotRun);
    EXPECT_THAT(outcome.err, HasSubstr("not started: "));
    EXPECT_THAT(outcome.err, HasSubstr("tls.pem is not a usable certificate chain"));
}

}  // namespace
}  // namespace gateway
