#include "config/load.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

#include "policy/http/authority.h"
#include "policy/http/target.h"
#include "tests/support/policy_folder.h"

namespace config {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using support::PolicyFolder;
using testing::ElementsAre;
using testing::HasSubstr;

std::filesystem::path root() {
    return std::filesystem::path(SALLYPORT_CASES).parent_path().parent_path();
}

std::string content_of(const std::filesystem::path& file) {
    std::ifstream input(file);
    EXPECT_TRUE(input) << file;
    return {std::istreambuf_iterator<char>(input), {}};
}

// The policy in config/README.md.
std::string example() {
    const auto page = content_of(root() / "config" / "README.md");
    const std::string opening = "```yaml\n";
    const auto begin = page.find(opening) + opening.size();
    return page.substr(begin, page.find("```", begin) - begin);
}

using Loaded = tl::expected<std::shared_ptr<const Settings>, Complaints>;

std::string text_of(const Loaded& loaded) {
    if (loaded) return "accepted";
    std::string lines;
    for (const auto& complaint : loaded.error()) lines += to_string(complaint) + "\n";
    return lines;
}

class Example : public testing::Test {
protected:
    [[nodiscard]] std::shared_ptr<const Settings> load_example() const {
        const auto loaded = load_text(example(), folder_.file("policy.yaml"));
        EXPECT_TRUE(loaded) << text_of(loaded);
        return loaded.value_or(std::make_shared<const Settings>());
    }
    [[nodiscard]] const policy::Route* route(const Settings& settings,
                                             std::string_view path) const {
        const auto host = policy::parse_authority("wiki.example.org")->host;
        const auto found = settings.routes.find(host, *policy::parse_target(path));
        return found ? *found : nullptr;
    }

    PolicyFolder folder_;
};

TEST_F(Example, OfTheReadmeLoads) {
    const auto settings = load_example();

    EXPECT_EQ(settings->source, folder_.file("policy.yaml"));
    EXPECT_EQ(settings->workers, 2U);
    ASSERT_EQ(settings->listeners.size(), 1U);
    EXPECT_EQ(settings->listeners[0].host, "0.0.0.0");
    EXPECT_EQ(settings->listeners[0].port, 8443);
    EXPECT_EQ(settings->listeners[0].tls.key, folder_.file("tls.key"));
    EXPECT_EQ(settings->audit.file, folder_.file("audit.jsonl"));
}

TEST_F(Example, GivesTheDefaultLimits) {
    const auto limits = load_example()->limits;

    const ConnectionLimits defaults;
    EXPECT_EQ(limits.connections, defaults.connections);
    EXPECT_EQ(limits.head.total, defaults.head.total);
    EXPECT_EQ(limits.head.target, defaults.head.target);
    EXPECT_EQ(limits.head.line, defaults.head.line);
    EXPECT_EQ(limits.head.fields, defaults.head.fields);
    EXPECT_EQ(limits.handshake_timeout, defaults.handshake_timeout);
    EXPECT_EQ(limits.head_timeout, defaults.head_timeout);
    EXPECT_EQ(limits.keep_alive_timeout, defaults.keep_alive_timeout);
    EXPECT_EQ(limits.body_timeout, defaults.body_timeout);
    EXPECT_EQ(limits.drain_timeout, defaults.drain_timeout);
}

TEST_F(Example, GivesTheDefaultSession) {
    const auto settings = load_example();

    const Settings defaults;
    EXPECT_EQ(settings->session.cookie.name, defaults.session.cookie.name);
    EXPECT_EQ(settings->session.limits.user.idle, minutes(30));
    EXPECT_EQ(settings->session.limits.user.absolute, hours(8));
    EXPECT_EQ(settings->session.limits.stranger.idle, minutes(10));
    EXPECT_EQ(settings->session.limits.touch_interval, seconds(30));
    EXPECT_EQ(settings->session.vault.bytes, defaults.session.vault.bytes);
    EXPECT_EQ(settings->memory.sessions, defaults.memory.sessions);
    EXPECT_EQ(settings->memory.strangers, defaults.memory.strangers);
    EXPECT_EQ(settings->session.binding.network.mode, defaults.session.binding.network.mode);
    EXPECT_EQ(settings->session.binding.agent.mode, defaults.session.binding.agent.mode);
    EXPECT_EQ(settings->attempts.per_user.count, defaults.attempts.per_user.count);
    EXPECT_EQ(settings->attempts.per_network.window, defaults.attempts.per_network.window);
}

TEST_F(Example, KeepsTheOrderOfTheSessionKeys) {
    const auto settings = load_example();

    ASSERT_EQ(settings->cookie_keys.size(), 2U);
    EXPECT_EQ(settings->cookie_keys[0].id, "k2");
    EXPECT_EQ(settings->cookie_keys[0].bytes.reveal(), PolicyFolder::key_bytes(1));
    EXPECT_EQ(settings->cookie_keys[1].id, "k1");
}

TEST_F(Example, DescribesItsBackends) {
    const auto settings = load_example();

    ASSERT_EQ(settings->backends.size(), 2U);
    const auto& wiki = *settings->backends[0];
    EXPECT_EQ(wiki.name.text(), "wiki");
    EXPECT_EQ(wiki.index, 0U);
    ASSERT_EQ(wiki.servers.size(), 2U);
    EXPECT_EQ(wiki.servers[1].host, "::1");
    EXPECT_EQ(wiki.servers[1].port, 9000);
    EXPECT_EQ(wiki.cookies.mode_of("lang_de"), policy::CookieMode::Pass);
    EXPECT_EQ(wiki.cookies.mode_of("DW123"), policy::CookieMode::Vault);
    EXPECT_EQ(settings->backends[1]->index, 1U);
}

TEST_F(Example, KnowsHowItsBackendsAreCalled) {
    const auto settings = load_example();

    using Mode = policy::CrossingRules::Mode;
    const auto& wiki = settings->backends[0]->crossing;
    EXPECT_FALSE(wiki.host);
    EXPECT_TRUE(wiki.paths.changes_nothing());
    EXPECT_EQ(wiki.location, Mode::Rewrite);
    EXPECT_EQ(wiki.origin, Mode::Leave);
    const auto& reports = settings->backends[1]->crossing;
    ASSERT_TRUE(reports.host);
    EXPECT_EQ(reports.host->host.text(), "reports.internal");
    EXPECT_EQ(reports.host->port, 8080);
    EXPECT_EQ(reports.paths.public_prefix, "/reports");
    EXPECT_EQ(reports.paths.backend_prefix, "/jasper");
    ASSERT_EQ(reports.own_origins.size(), 1U);
    EXPECT_EQ(reports.own_origins[0].host.text(), "old-reports.internal");
    EXPECT_THAT(settings->path_parameters, ElementsAre("jsessionid"));
}

TEST_F(Example, RoutesEachPathToItsBackend) {
    const auto settings = load_example();

    const auto* reports = route(*settings, "/reports/2026");
    ASSERT_NE(reports, nullptr);
    EXPECT_EQ(reports->name, "wiki.example.org/reports");
    EXPECT_THAT(reports->rule, testing::StartsWith("policy.yaml:"));
    EXPECT_EQ(reports->backend->name.text(), "reports");
    EXPECT_EQ(reports->require.who, policy::Requirement::Who::AnyUser);
    EXPECT_EQ(reports->require.authenticated_within, minutes(10));
    const auto* start = route(*settings, "/start");
    ASSERT_NE(start, nullptr);
    EXPECT_EQ(start->backend, settings->backends[0]);
    EXPECT_EQ(start->require.who, policy::Requirement::Who::Anyone);
    EXPECT_EQ(start->login, reports->login);
}

TEST_F(Example, DescribesItsLogin) {
    const auto settings = load_example();

    const auto* start = route(*settings, "/start");
    ASSERT_NE(start, nullptr);
    const auto& login = *start->login;
    EXPECT_EQ(login.name.text(), "wiki-form");
    EXPECT_EQ(login.page, "/doku.php?do=login");
    ASSERT_EQ(login.when.size(), 1U);
    EXPECT_THAT(login.when[0].methods, ElementsAre(policy::Method::Post));
    EXPECT_EQ(login.when[0].path, "/doku.php");
    ASSERT_EQ(login.when[0].form.size(), 1U);
    EXPECT_EQ(login.when[0].form[0].glob, "login");
    ASSERT_EQ(login.user.size(), 1U);
    EXPECT_EQ(std::get<policy::FormSource>(login.user[0]).field, "u");
    EXPECT_THAT(login.success.status, ElementsAre(302, 303));
    ASSERT_TRUE(login.success.set);
    EXPECT_EQ(login.success.set->name, "DW*");
    EXPECT_FALSE(login.failure);
    ASSERT_EQ(login.logouts.size(), 1U);
    ASSERT_TRUE(login.logouts[0].when);
    EXPECT_EQ(login.logouts[0].when->query[0].glob, "logout");
    EXPECT_EQ(login.pre_login_cookies, policy::LoginRule::PreLoginCookies::Withhold);
}

TEST_F(Example, ReservesTheIdentityHeadersOfAllRoutesOnce) {
    EXPECT_THAT(load_example()->identity_names,
                ElementsAre("X-Forwarded-User", "X-Session", "X-Login-Time", "X-Api-Session"));
}

TEST_F(Example, NamesItsWeakeningsWithTheirReasons) {
    const auto settings = load_example();

    ASSERT_EQ(settings->weakenings.size(), 1U);
    EXPECT_EQ(settings->weakenings[0].key, "backends.reports.insecure_plaintext");
    EXPECT_EQ(settings->weakenings[0].reason, "same rack, own switch");
}

// The key that ends at the colon at `end`; empty when it is a name of the operator's choice.
std::string key_before(const std::string& policy, std::size_t end) {
    const auto begin = policy.find_last_of(" \n", end) + 1;
    const auto key = policy.substr(begin, end - begin);
    const bool is_ours = key.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
    return is_ours && key != "do" && key != "wiki" && key != "reports" ? key : std::string();
}

// CFG-001
TEST_F(Example, WithAnyKeyMisspelledIsRefusedWithItsPosition) {
    const auto policy = example();

    for (auto end = policy.find(':'); end != std::string::npos; end = policy.find(':', end + 1)) {
        const bool ends_key = policy[end + 1] == ' ' || policy[end + 1] == '\n';
        if (!ends_key || key_before(policy, end).empty()) continue;
        auto mutant = policy;
        mutant.insert(end, "x");

        const auto loaded = load_text(mutant, folder_.file("policy.yaml"));

        ASSERT_FALSE(loaded) << key_before(policy, end);
        EXPECT_THAT(text_of(loaded), HasSubstr(key_before(policy, end) + "x is an unknown key"));
        EXPECT_GT(loaded.error().front().line, 0);
    }
}

TEST_F(Example, CutAnywhereDoesNoHarm) {
    const auto policy = example();

    for (std::size_t size = 0; size < policy.size(); size += 5) {
        const auto loaded = load_text(policy.substr(0, size), folder_.file("policy.yaml"));

        EXPECT_TRUE(loaded || !loaded.error().empty()) << size;
    }
}

TEST(Load, EveryPolicyInDeployLoads) {
    const PolicyFolder folder;

    for (const auto& entry : std::filesystem::directory_iterator(root() / "deploy")) {
        if (entry.path().extension() != ".yaml") continue;
        const auto loaded = load_text(content_of(entry.path()), folder.file("policy.yaml"));
        EXPECT_TRUE(loaded) << entry.path() << "\n" << text_of(loaded);
    }
}

TEST(Load, ReadsAFileAndTheFilesBesideIt) {
    const PolicyFolder folder;
    folder.write("policy.yaml", content_of(root() / "tests/cases/config/base.yaml"));

    const auto loaded = load(folder.file("policy.yaml"));

    EXPECT_TRUE(loaded) << text_of(loaded);
}

TEST(Load, AFileThatIsNotThereIsOneComplaint) {
    EXPECT_EQ(text_of(load("/nowhere/policy.yaml")),
              "/nowhere/policy.yaml: cannot be read: No such file or directory\n");
    EXPECT_EQ(text_of(load("/")), "/: cannot be read: Is a directory\n");
}

TEST(Load, AFileThatNeverEndsIsRefused) {
    EXPECT_THAT(text_of(load("/dev/zero")), HasSubstr("larger than 1MiB"));
}

TEST(Load, DeepNestingIsRefused) {
    EXPECT_FALSE(load_text("workers: " + std::string(100'000, '['), "policy.yaml"));
    EXPECT_FALSE(load_text(std::string(100'000, '{'), "policy.yaml"));
}

TEST(Load, ShortIdleTimeoutsAreNotedMoreOften) {
    const PolicyFolder folder;
    auto policy = content_of(root() / "tests/cases/config/base.yaml");
    policy.replace(policy.find("session:\n"), 9, "session:\n  idle_timeout: 8s\n");

    const auto loaded = load_text(policy, folder.file("policy.yaml"));

    ASSERT_TRUE(loaded) << text_of(loaded);
    EXPECT_EQ((*loaded)->session.limits.touch_interval, seconds(2));
}

TEST(Load, FewerSessionsLeaveRoomForUsers) {
    const PolicyFolder folder;
    auto policy = content_of(root() / "tests/cases/config/base.yaml");
    policy.replace(policy.find("session:\n"), 9,
                   "session:\n  store: { memory: { max_sessions: 10 } }\n");

    const auto loaded = load_text(policy, folder.file("policy.yaml"));

    ASSERT_TRUE(loaded) << text_of(loaded);
    EXPECT_EQ((*loaded)->memory.sessions, 10U);
    EXPECT_EQ((*loaded)->memory.strangers, 9U);
}

}  // namespace

}  // namespace config
