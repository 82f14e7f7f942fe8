// The laws of the gateway that are kept in this folder.

#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>

#include <gtest/gtest.h>

#include "session/manager.h"
#include "tests/session/browser.h"

namespace {

using namespace fixtures;
using policy::Reason;

// What of a cookie would help a thief: all of it, and its id.
std::vector<std::string> secrets_of(const std::string& cookie) {
    const auto family = cookie.find('.', 3) + 1;
    const auto id = cookie.substr(cookie.find('.', family) + 1, session::SessionId::kCharacters);
    return {cookie, id, policy::from_base64url(id).value()};
}

TEST(Laws, TheStoreNeverSeesAnId) {
    Gateway gateway;
    Browser browser(gateway);
    std::vector<std::string> secrets;

    for (const auto& events :
         {Events{cookies_set({"a=1"})}, Events{logged_in("alice")}, Events{cookies_set({"b=2"})},
          Events{logged_in("alice")}, Events{policy::LoggedOut{}}}) {
        browser.visit(events);
        if (browser.cookie.empty()) continue;
        for (auto& secret : secrets_of(browser.cookie)) secrets.push_back(std::move(secret));
    }

    ASSERT_EQ(secrets.size(), 12U);
    ASSERT_NE(gateway.store.told.find("alice"), std::string::npos);
    for (const auto& secret : secrets) {
        EXPECT_EQ(gateway.store.told.find(secret), std::string::npos);
    }
}

TEST(Laws, LoginAlwaysChangesTheId) {
    Gateway gateway;
    Browser browser(gateway);
    std::vector<std::string> ids;

    browser.visit({cookies_set({"a=1"})});
    ids.push_back(browser.cookie);
    for (const auto* user : {"alice", "alice", "bob"}) {
        Browser old = browser;
        browser.visit({logged_in(user)});

        EXPECT_EQ(browser.load().facts().user->text(), user);
        EXPECT_FALSE(old.load().session);
        EXPECT_EQ(old.load().refused, Reason::Superseded);
        for (const auto& id : ids) EXPECT_NE(browser.cookie, id);
        ids.push_back(browser.cookie);
    }
}

TEST(Laws, LoginNeverAdoptsAnIdThatTheBrowserBrought) {
    Gateway gateway;
    Browser attacker(gateway);
    attacker.visit({cookies_set({"a=1"})});
    Browser victim(gateway);
    victim.cookie = attacker.cookie;

    victim.visit({logged_in("alice")});

    EXPECT_NE(victim.cookie, attacker.cookie);
    EXPECT_FALSE(attacker.load().session);
}

// Everything that a late answer might try.
const std::vector<Events> kLateEvents{
    {cookies_set({"late=1"})}, {logged_in("alice")}, {policy::ClientMoved{client(elsewhere())}},
    {policy::LoggedOut{}},     {policy::Revoked{}},  {logged_in("bob"), cookies_set({"late=1"})},
};

// Of a browser that still holds the cookie of a session that was ended.
bool is_refused_as_dead(Browser& browser) {
    const auto loaded = browser.load();
    return !browser.cookie.empty() && !loaded.session &&
           (loaded.refused == Reason::LoggedOut || loaded.refused == Reason::Revoked);
}

TEST(Laws, ADeadSessionNeverComesBack) {
    for (const auto& end : {Events{policy::LoggedOut{}}, Events{policy::Revoked{}}}) {
        for (const auto& late : kLateEvents) {
            Gateway gateway;
            Browser browser(gateway);
            browser.visit({logged_in()});
            Browser thief = browser;
            Browser untouched = browser;
            const auto slow = browser.load();
            browser.visit(end);

            const auto committed = gateway.commit(slow, late).value();
            thief.take(committed);

            EXPECT_FALSE(committed.session);
            EXPECT_TRUE(committed.is_late);
            EXPECT_TRUE(committed.set_cookie.empty());
            EXPECT_FALSE(browser.load().session);
            EXPECT_TRUE(is_refused_as_dead(untouched));
            EXPECT_EQ(gateway.store.inner.size(), 0U);
        }
    }
}

TEST(Laws, ADeadSessionNeverComesBackWhenItEndsInTheMiddleOfAWrite) {
    for (const auto& late : kLateEvents) {
        Gateway gateway;
        Browser browser(gateway);
        browser.visit({logged_in()});
        Browser untouched = browser;
        const auto slow = browser.load();
        gateway.store.before_write = [&] { browser.visit({policy::LoggedOut{}}); };

        const auto committed = gateway.commit(slow, late).value();

        // What ends it, too, has nothing to write that another end could overtake.
        const bool ended_it = committed.set_cookie == gateway.manager.cookies().clear();
        EXPECT_FALSE(committed.session);
        EXPECT_TRUE(committed.is_late || ended_it);
        EXPECT_TRUE(committed.set_cookie.empty() || ended_it);
        EXPECT_TRUE(is_refused_as_dead(untouched));
        EXPECT_EQ(gateway.store.inner.size(), 0U);
    }
}

TEST(Laws, ADeadSessionNeverComesBackAfterItExpired) {
    for (const auto& late : kLateEvents) {
        Gateway gateway;
        Browser browser(gateway);
        browser.visit({logged_in()});
        Browser again = browser;
        const auto slow = browser.load();
        gateway.clock.advance(30min);

        const auto committed = gateway.commit(slow, late).value();

        EXPECT_FALSE(committed.session);
        EXPECT_TRUE(committed.is_late);
        EXPECT_TRUE(committed.set_cookie.empty());
        EXPECT_FALSE(again.load().session);
    }
}

TEST(Laws, ASessionIsStoredBeforeItsCookieLeaves) {
    Gateway gateway;
    Browser browser(gateway);
    browser.visit({cookies_set({"a=1"})});
    const auto loaded = browser.load();
    gateway.store.refuses_writes = true;

    for (const auto& events :
         {Events{logged_in()}, Events{cookies_set({"b=2"})}, Events{policy::LoggedOut{}}}) {
        const auto committed = gateway.commit(loaded, events);
        ASSERT_FALSE(committed);
        EXPECT_EQ(committed.error().reason, Reason::StoreUnavailable);
    }
    EXPECT_FALSE(gateway.commit({}, {logged_in()}));
    EXPECT_FALSE(gateway.commit({}, {cookies_set({"a=1"})}));
}

template <class T>
concept Printable = requires(std::ostream& stream, const T& value) {
    stream << value;
};

template <class T>
constexpr bool kCannotLeak =
    !Printable<T> && !std::is_convertible_v<T, std::string> &&
    !std::is_convertible_v<T, std::string_view> && !std::is_convertible_v<T, const char*> &&
    !std::is_constructible_v<std::string, T> && !std::is_constructible_v<std::string_view, T>;

TEST(Laws, NoSecretCanBePrinted) {
    static_assert(Printable<std::string>);
    static_assert(kCannotLeak<policy::Secret>);
    static_assert(kCannotLeak<session::SessionId>);
    static_assert(kCannotLeak<session::CookieKey>);
    static_assert(kCannotLeak<session::KeyRing>);
    static_assert(kCannotLeak<session::Presented>);
    static_assert(kCannotLeak<session::Vault>);
    static_assert(kCannotLeak<session::VaultCookie>);
    static_assert(kCannotLeak<session::Session>);
    static_assert(!std::is_copy_constructible_v<policy::Secret>);
    static_assert(!std::is_copy_constructible_v<session::SessionId>);
}

}  // namespace
