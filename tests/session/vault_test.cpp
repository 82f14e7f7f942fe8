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

TEST_F(Vault, RefusesPublicSuffixes) {
    const auto apply = [this](const std::string& line, const std::string& host) {
        vault_.apply(line, {"wiki", host, "/"}, now_, limits_);
    };
    apply("a=1; Domain=co.uk", "wiki.example.co.uk");
    apply("a=1; Domain=github.io", "wiki.github.io");
    apply("a=1; Domain=.GitHub.IO", "wiki.github.io");
    EXPECT_TRUE(vault_.empty());

    apply("a=1; Domain=example.co.uk", "wiki.example.co.uk");
    EXPECT_EQ(sent("/", "erp.example.co.uk"), "a=1");
}

TEST_F(Vault, KeepsAPublicSuffixForTheHostOfThatName) {
    vault_.apply("a=1; Domain=github.io", {"wiki", "github.io", "/"}, now_, limits_);

    EXPECT_EQ(sent("/", "github.io"), "a=1");
    EXPECT_EQ(sent("/", "wiki.github.io"), "");
}

TEST_F(Vault, KnowsNoDomainOfAnAddress) {
    const auto apply = [this](const std::string& line, const std::string& host) {
        vault_.apply(line, {"wiki", host, "/"}, now_, limits_);
    };
    apply("a=1; Domain=2.7", "192.0.2.7");
    apply("a=1; Domain=.0.2.7", "192.0.2.7");
    apply("a=1; Domain=::1", "[::1]");
    EXPECT_TRUE(vault_.empty());

    apply("a=1; Domain=192.0.2.7", "192.0.2.7");
    EXPECT_EQ(sent("/", "192.0.2.7"), "a=1");
}

TEST_F(Vault, TellsAHostsOwnCookieFromThatOfItsDomain) {
    set("a=1");
    set("a=2; Domain=wiki.example.org");

    set("a=; Max-Age=0");

    EXPECT_EQ(sent(), "a=2");
}

TEST_F(Vault, AppliesTheLinesOfOneAnswerInOrder) {
    set("pmaAuth=1; Path=/");
    set("pmaAuth=deleted; Path=/; Max-Age=0");
    EXPECT_EQ(sent(), "");

    set("DW=deleted; Path=/; Expires=Thu, 01-Jan-70 00:00:01 GMT");
    set("DW=2; Path=/");
    EXPECT_EQ(sent(), "DW=2");
}

TEST_F(Vault, DeletesByTheDatesThatApplicationsWrite) {
    for (const auto* date :
         {"Thu, 01-Jan-1970 00:00:01 GMT", "Thu, 01-Jan-70 00:00:00 GMT",
          "Thursday, 01-Jan-1970 00:00:10 GMT", "Thu Jan  1 00:00:00 1970", "1 Jan 1970 0:0:0"}) {
        set("a=1");
        set(std::string("a=-del-; Expires=") + date);

        EXPECT_EQ(sent(), "") << date;
    }
}

TEST_F(Vault, KeepsACookieWhoseDeletionNamesAnotherPathOrLiesInTheFuture) {
    set("a=1; Path=/app");
    set("a=; Path=/; Max-Age=0");
    set("a=; Path=/app/; Max-Age=0");

    EXPECT_EQ(sent("/app/x"), "a=1");

    set("a=deleted; Path=/app; Max-Age=3600");
    EXPECT_EQ(sent("/app/x"), "a=deleted");
}

TEST_F(Vault, KeepsNothingForMoreThan400Days) {
    set("a=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT");
    set("b=2; Max-Age=99999999999");

    now_ += std::chrono::days(400) - 1s;
    EXPECT_EQ(sent(), "a=1; b=2");
    now_ += 1s;
    EXPECT_EQ(sent(), "");
}

TEST_F(Vault, KeepsNoNamelessCookie) {
    EXPECT_TRUE(set("=1"));
    EXPECT_TRUE(set("1"));
    EXPECT_TRUE(set("=__Host-a=1; Secure; Path=/"));

    EXPECT_TRUE(vault_.empty());
}

TEST_F(Vault, KeepsACookieOf4096BytesAndNoLongerOne) {
    EXPECT_TRUE(set("a=" + std::string(4095, 'v')));
    EXPECT_TRUE(set("b=" + std::string(4096, 'v')));

    EXPECT_TRUE(vault_.holds("a"));
    EXPECT_FALSE(vault_.holds("b"));
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

TEST_F(Vault, EnforcesThePrefixesThatForbidScripts) {
    set("__Http-a=1; Secure");
    set("__Http-a=1; HttpOnly");
    set("__HTTP-a=1; Secure");
    set("__Host-Http-a=1; Secure; Path=/");
    set("__Host-Http-a=1; HttpOnly; Path=/");
    set("__Host-Http-a=1; Secure; HttpOnly");
    set("__Host-Http-a=1; Secure; HttpOnly; Path=/; Domain=wiki.example.org");
    EXPECT_TRUE(vault_.empty());

    set("__Http-a=1; Secure; HttpOnly");
    set("__Host-Http-a=2; Secure; HttpOnly; Path=/");
    EXPECT_EQ(sent(), "__Http-a=1; __Host-Http-a=2");
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
