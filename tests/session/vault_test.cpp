#include "session/vault.h"

#include <gtest/gtest.h>

#include "tests/session/fixtures.h"

namespace {

using namespace fixtures;

constexpr auto kHost = "wiki.example.org";

class Vault : public testing::Test {
protected:
    bool set(const std::string& line, const std::string& path = "/") {
        return vault_.apply(line, {"wiki", kHost, path}, now_, limits_);
    }
    std::string sent(const std::string& path = "/", const std::string& host = kHost) {
        return vault_.header({"wiki", host, path}, now_);
    }

    policy::Instant now_ = kStart;
    session::VaultLimits limits_;
    session::Vault vault_;
};

TEST_F(Vault, GivesBackWhatWasSet) {
    set("JSESSIONID=abc; Path=/; HttpOnly; Secure");

    EXPECT_EQ(sent("/any/page"), "JSESSIONID=abc");
    EXPECT_TRUE(vault_.holds("JSESSIONID"));
    EXPECT_FALSE(vault_.holds("jsessionid"));
}

TEST_F(Vault, IgnoresWhatABrowserWouldIgnore) {
    EXPECT_TRUE(set("no name and no equals"));
    EXPECT_TRUE(set(std::string("a=b\x01")));

    EXPECT_TRUE(vault_.empty());
    EXPECT_EQ(sent(), "");
}

TEST_F(Vault, GivesNoBackendTheCookiesOfAnother) {
    set("SID=wiki; Path=/");
    vault_.apply("SID=reports; Path=/", {"reports", kHost, "/"}, now_, limits_);

    EXPECT_EQ(sent(), "SID=wiki");
    EXPECT_EQ(vault_.header({"reports", kHost, "/"}, now_), "SID=reports");
}

TEST_F(Vault, ComparesPathsAsTheyWereSent) {
    set("a=1; Path=/my%20app");

    EXPECT_EQ(sent("/my%20app/x"), "a=1");
    EXPECT_EQ(sent("/my app/x"), "");
}

TEST_F(Vault, TakesThePathOfTheRequestWhenNoneIsGiven) {
    set("a=1", "/wiki/page");

    EXPECT_EQ(sent("/wiki/other"), "a=1");
    EXPECT_EQ(sent("/wiki"), "a=1");
    EXPECT_EQ(sent("/wikipedia"), "");
    EXPECT_EQ(sent("/"), "");
}

TEST_F(Vault, SendsLongerPathsFirstAndOlderCookiesFirstAmongEquals) {
    set("young=3; Path=/");
    set("deep=1; Path=/wiki");
    now_ += 1s;
    set("younger=4; Path=/");
    set("young=5; Path=/");  // Keeps its age.

    EXPECT_EQ(sent("/wiki/page"), "deep=1; young=5; younger=4");
}

TEST_F(Vault, ReplacesTheCookieOfSameNameDomainAndPathOnly) {
    set("a=1; Path=/");
    set("a=2; Path=/");
    set("a=3; Path=/wiki");

    EXPECT_EQ(vault_.size(), 2U);
    EXPECT_EQ(sent("/wiki"), "a=3; a=2");
}

TEST_F(Vault, DoesNotChangeWhenTheSameCookieComesAgain) {
    set("a=1; Path=/");
    const auto before = vault_;
    now_ += 1min;

    set("a=1; Path=/");

    EXPECT_EQ(vault_, before);
}

TEST_F(Vault, DeletesByMaxAgeAndByExpires) {
    set("a=1");
    set("b=2");
    set("c=3");

    set("a=; Max-Age=0");
    set("b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
    set("never-there=; Max-Age=0");

    EXPECT_EQ(sent(), "c=3");
    EXPECT_EQ(vault_.size(), 1U);
}

TEST_F(Vault, StopsSendingACookieAtItsEnd) {
    set("a=1; Max-Age=60");

    now_ += 59s;
    EXPECT_EQ(sent(), "a=1");
    now_ += 1s;
    EXPECT_EQ(sent(), "");
}

TEST_F(Vault, LetsMaxAgeWinOverExpires) {
    set("a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT");

    EXPECT_EQ(sent(), "a=1");
}

TEST_F(Vault, KeepsACookieForItsHostAlone) {
    set("a=1");

    EXPECT_EQ(sent("/", "erp.example.org"), "");
    EXPECT_EQ(sent("/", "sub.wiki.example.org"), "");
}

TEST_F(Vault, SharesACookieWithinItsDomain) {
    set("a=1; Domain=.EXAMPLE.org");

    EXPECT_EQ(sent(), "a=1");
    EXPECT_EQ(sent("/", "erp.example.org"), "a=1");
    EXPECT_EQ(sent("/", "badexample.org"), "");
}

TEST_F(Vault, RefusesDomainsThatTheHostDoesNotBelongTo) {
    set("a=1; Domain=erp.example.org");
    set("b=1; Domain=ki.example.org");
    set("c=1; Domain=sub.wiki.example.org");
    set("d=1; Domain=org");

    EXPECT_TRUE(vault_.empty());
}

TEST_F(Vault, KeepsADomainOfOneLabelForTheHostOfThatName) {
    vault_.apply("a=1; Domain=intranet", {"wiki", "intranet", "/"}, now_, limits_);

    EXPECT_EQ(sent("/", "intranet"), "a=1");
    EXPECT_EQ(sent("/", "sub.intranet"), "");
}

TEST_F(Vault, EnforcesTheSecurePrefix) {
    set("__Secure-a=1");
    set("__SECURE-b=1");
    EXPECT_TRUE(vault_.empty());

    set("__Secure-a=1; Secure");
    EXPECT_EQ(sent(), "__Secure-a=1");
}

TEST_F(Vault, EnforcesTheHostPrefix) {
    set("__Host-a=1; Path=/");
    set("__Host-a=1; Secure");
    set("__Host-a=1; Secure; Path=/wiki");
    set("__Host-a=1; Secure; Path=/; Domain=wiki.example.org");
    set("__host-a=1; Path=/");
    EXPECT_TRUE(vault_.empty());

    set("__Host-a=1; Secure; Path=/");
    EXPECT_EQ(sent(), "__Host-a=1");
}

TEST_F(Vault, RefusesACookieTooManyAndKeepsTheOthers) {
    limits_.count = 2;
    set("a=1");
    set("b=2");

    EXPECT_FALSE(set("c=3"));
    EXPECT_TRUE(set("b=4"));

    EXPECT_EQ(sent(), "a=1; b=4");
}

TEST_F(Vault, CountsTheDifferenceWhenACookieIsReplaced) {
    limits_.bytes = 1 + 10 + 16 + 1;  // Name, value, host, path.
    ASSERT_TRUE(set("a=0123456789"));

    EXPECT_TRUE(set("a=9876543210"));
    EXPECT_FALSE(set("a=9876543210X"));

    EXPECT_EQ(sent(), "a=9876543210");
    EXPECT_EQ(vault_.bytes(), limits_.bytes);
}

TEST_F(Vault, MakesRoomOfExpiredCookies) {
    limits_.count = 1;
    set("a=1; Max-Age=60");
    now_ += 60s;

    EXPECT_TRUE(set("b=2"));

    EXPECT_EQ(sent(), "b=2");
}

TEST_F(Vault, IsEmptyAfterClear) {
    set("a=1");

    vault_.clear();

    EXPECT_TRUE(vault_.empty());
    EXPECT_EQ(vault_.bytes(), 0U);
}

}  // namespace
