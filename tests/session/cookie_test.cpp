#include "session/cookie.h"

#include <array>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "policy/base/text.h"
#include "tests/session/keys.h"
#include "tests/support/fake_random.h"

namespace {

using Kind = session::Presented::Kind;

constexpr auto kHost = "wiki.example.org";
constexpr auto kName = "__Host-Http-session";

std::string value_of(const std::string& line) {
    const auto begin = line.find('=') + 1;
    return line.substr(begin, line.find(';') - begin);
}

class CookieFormat : public testing::Test {
protected:
    session::SessionId new_id() { return session::SessionId::generate(random_).value(); }
    session::FamilyId new_family() { return session::FamilyId::generate(random_).value(); }
    std::string issue() { return format_.issue(new_family(), new_id(), kHost); }
    std::string issued() { return value_of(issue()); }

    Kind read(const std::string& value) { return read_named(kName, value); }
    Kind read_named(const std::string& name, const std::string& value) {
        const std::vector<policy::CookiePair> cookies{{name, value}};
        return format_.read(cookies, kHost).kind;
    }

    support::FakeRandom random_;
    session::CookieFormat format_{{}, fixtures::only_k1()};
};

TEST_F(CookieFormat, IssuesAllAttributesAndNoDomain) {
    const auto line = issue();

    EXPECT_TRUE(line.starts_with("__Host-Http-session=v1.k1."));
    EXPECT_TRUE(line.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"));
    EXPECT_EQ(line.find("Domain"), std::string::npos);
}

TEST_F(CookieFormat, ClearsWithTheAttributesItIssuesWith) {
    EXPECT_EQ(format_.clear(),
              "__Host-Http-session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
}

TEST_F(CookieFormat, WritesTheSameSiteOfItsSettings) {
    const session::CookieFormat strict{{kName, policy::SameSite::Strict}, fixtures::only_k1()};
    const session::CookieFormat none{{kName, policy::SameSite::None}, fixtures::only_k1()};
    const session::CookieFormat unset{{kName, policy::SameSite::Unset}, fixtures::only_k1()};

    EXPECT_NE(strict.clear().find("SameSite=Strict"), std::string::npos);
    EXPECT_NE(none.clear().find("SameSite=None"), std::string::npos);
    EXPECT_NE(unset.clear().find("SameSite=Lax"), std::string::npos);
}

TEST_F(CookieFormat, IssuesValuesOfOneLength) {
    std::set<std::string> values;
    for (int i = 0; i < 100; ++i) {
        values.insert(issued());
        EXPECT_EQ(issued().size(), 2U + 1 + 2 + 1 + 22 + 1 + 43 + 1 + 22);
    }

    EXPECT_EQ(values.size(), 100U);
}

TEST_F(CookieFormat, ReadsWhatItIssued) {
    const auto id = new_id();
    const auto family = new_family();
    const auto value = value_of(format_.issue(family, id, kHost));
    const std::vector<policy::CookiePair> cookies{{"lang", "en"}, {kName, value}, {"x", "y"}};

    const auto presented = format_.read(cookies, kHost);

    ASSERT_EQ(presented.kind, Kind::Genuine);
    EXPECT_EQ(presented.ticket->family.text(), family.text());
    EXPECT_EQ(presented.ticket->id.reveal(), id.reveal());
    EXPECT_FALSE(presented.under_old_key);
}

// Made by another implementation (Python's hmac): cookies must outlive an upgrade of the gateway.
TEST_F(CookieFormat, IsTheFormThatTheReadmePromises) {
    const auto id = session::SessionId::parse(std::string(43, 'A'));
    const auto family = session::FamilyId::parse(std::string(22, 'A'));
    const auto value = "v1.k1." + std::string(22, 'A') + "." + std::string(43, 'A') + "." +
                       "HBGApq0qLYcrC2z70YL1iA";

    EXPECT_EQ(value_of(format_.issue(*family, *id, kHost)), value);
    EXPECT_EQ(read(value), Kind::Genuine);
}

TEST_F(CookieFormat, ReadsNothingWhereThereIsNoCookieOfItsName) {
    const auto presented = format_.read({}, kHost);

    EXPECT_EQ(presented.kind, Kind::Nothing);
    EXPECT_FALSE(presented.ticket);
}

TEST_F(CookieFormat, IsAmbiguousWhenThereAreTwo) {
    const auto value = issued();
    const std::vector<policy::CookiePair> cookies{{kName, value}, {kName, value}};

    const auto presented = format_.read(cookies, kHost);

    EXPECT_EQ(presented.kind, Kind::Ambiguous);
    EXPECT_FALSE(presented.ticket);
}

TEST_F(CookieFormat, TakesACookieOfAnotherHostForForged) {
    const auto value = issued();
    const std::vector<policy::CookiePair> cookies{{kName, value}};

    EXPECT_EQ(format_.read(cookies, "erp.example.org").kind, Kind::Forged);
    EXPECT_EQ(format_.read(cookies, "").kind, Kind::Forged);
}

TEST_F(CookieFormat, TakesEveryChangedCharacterForForged) {
    const auto value = issued();
    ASSERT_EQ(read(value), Kind::Genuine);

    for (std::size_t i = 0; i < value.size(); ++i) {
        auto changed = value;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_EQ(read(changed), Kind::Forged) << "at " << i;
    }
}

TEST_F(CookieFormat, TakesOtherShapesForForged) {
    const auto value = issued();

    EXPECT_EQ(read(""), Kind::Forged);
    EXPECT_EQ(read("..."), Kind::Forged);
    EXPECT_EQ(read("v1.k1"), Kind::Forged);
    EXPECT_EQ(read(value + "A"), Kind::Forged);
    EXPECT_EQ(read(value + ".A"), Kind::Forged);
    EXPECT_EQ(read("\"" + value + "\""), Kind::Forged);
    EXPECT_EQ(read(value.substr(0, value.size() - 1)), Kind::Forged);
    EXPECT_EQ(read(std::string(5000, '.')), Kind::Forged);
}

TEST_F(CookieFormat, NeverReadsAnotherSpellingOfItsName) {
    const auto value = issued();

    EXPECT_EQ(read_named("__HOST-Http-session", value), Kind::Nothing);
    EXPECT_EQ(read_named("__Host-session", value), Kind::Nothing);
    EXPECT_EQ(read_named(" __Host-Http-session", value), Kind::Nothing);
    EXPECT_EQ(read_named("\xE2\x80\x80__Host-Http-session", value), Kind::Nothing);
}

TEST_F(CookieFormat, AcceptsAnOldKeyAndSaysSo) {
    const auto value = issued();
    session::CookieFormat later{{}, fixtures::k2_then_k1()};
    const std::vector<policy::CookiePair> cookies{{kName, value}};

    const auto presented = later.read(cookies, kHost);

    EXPECT_EQ(presented.kind, Kind::Genuine);
    EXPECT_TRUE(presented.under_old_key);
}

TEST_F(CookieFormat, RefusesAKeyThatWasTakenAway) {
    const auto value = issued();
    session::CookieFormat later{{}, fixtures::only_k2()};
    const std::vector<policy::CookiePair> cookies{{kName, value}};

    EXPECT_EQ(later.read(cookies, kHost).kind, Kind::Forged);
}

TEST_F(CookieFormat, KnowsNamesThatAServerMightTakeForOurs) {
    for (const auto* name :
         {"__Host-Http-session", "__HOST-HTTP-SESSION", "__Host-session", "__Secure-session",
          "__Http-session", " __Host-Http-session", "\xE2\x80\x80__Host-Http-session",
          "\xC2\xA0__Host-Http-session", "__Host-Http-session\t", "..Host-Http-session",
          " [_Host-Http-session"}) {
        EXPECT_TRUE(format_.resembles_ours(name)) << name;
    }
}

// As resembles_ours() is meant, step by step on whole strings.
std::string bare_reference(std::string name) {
    const auto may_be_blank = [](char c) { return c <= ' ' || c >= '\x7f'; };
    while (!name.empty() && may_be_blank(name.front())) name.erase(0, 1);
    while (!name.empty() && may_be_blank(name.back())) name.pop_back();
    for (auto& c : name) c = c == '.' || c == ' ' || c == '[' ? '_' : policy::ascii_lower(c);
    for (std::size_t before = 0; before != name.size();) {
        before = name.size();
        for (const std::string prefix : {"__host-", "__secure-", "__http-", "http-"}) {
            if (name.starts_with(prefix)) name.erase(0, prefix.size());
        }
    }
    return name;
}

TEST_F(CookieFormat, KnowsNamesHoweverTheyArePutTogether) {
    const std::array pieces{"__Host-", "__SECURE-", "..http-", "Http-", "session", "SESSION",
                            " ",       "\xA0",      "_",       "[",     "-",       "x"};
    const session::CookieFormat plain{{"session", policy::SameSite::Lax}, fixtures::only_k1()};
    std::mt19937 random(1);
    int known = 0;

    for (int round = 0; round < 20'000; ++round) {
        std::string name;
        for (auto left = random() % 6; left > 0; --left) name += pieces[random() % pieces.size()];
        const auto bare = bare_reference(name);
        const bool prefixed = bare.size() < name.size();
        ASSERT_EQ(format_.resembles_ours(name), bare == "session" && prefixed) << name;
        ASSERT_EQ(plain.resembles_ours(name), bare == "session") << name;
        known += bare == "session" ? 1 : 0;
    }

    EXPECT_GT(known, 100);
}

TEST_F(CookieFormat, LeavesOtherNamesToTheBackend) {
    for (const auto* name :
         {"", "JSESSIONID", "session", "sessions", "my-session", "__Host-", "session_id"}) {
        EXPECT_FALSE(format_.resembles_ours(name)) << name;
    }
}

}  // namespace
