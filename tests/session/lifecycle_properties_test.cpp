// What no sequence of events can do to a session.

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "session/lifecycle.h"
#include "tests/session/fixtures.h"

namespace {

using namespace fixtures;
using Kind = session::Change::Kind;
using Events = std::vector<policy::SessionEvent>;

const session::Limits kLimits;
constexpr session::VaultLimits kSmallVault{5, 200};

std::string any_line() {
    const auto name = std::string(1, *rc::gen::inRange('a', 'j'));
    const auto value = std::string(*rc::gen::inRange<std::size_t>(0, 100), 'x');
    const std::string attributes = *rc::gen::element("", "; Path=/", "; Max-Age=0", "; Max-Age=90",
                                                     "; Domain=example.org", "; Domain=org");
    return name + "=" + value + attributes;
}

policy::SessionEvent any_event() {
    switch (*rc::gen::inRange(0, 8)) {
        case 0:
            return logged_in(*rc::gen::element<std::string>("alice", "bob"));
        case 1:
            return policy::LoggedOut{};
        case 2:
            return policy::Revoked{};
        case 3:
            return policy::ClientMoved{client(*rc::gen::element(home(), elsewhere()))};
        default:
            return cookies_set({any_line(), any_line()});
    }
}

Events any_events() {
    Events events;
    const auto count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) events.push_back(any_event());
    return events;
}

template <class Event>
bool has(const Events& events) {
    return std::any_of(events.begin(), events.end(), [](const policy::SessionEvent& each) {
        return std::holds_alternative<Event>(each);
    });
}

// Calls `check(before, events, change)` for each step of a life made of random events.
template <class Check>
bool holds_all_life_long(Check check) {
    return rc::check([&] {
        auto session = *rc::gen::element(stranger(), user());
        auto now = kStart;
        for (int i = 0; i < 20; ++i) {
            now += std::chrono::seconds(*rc::gen::inRange(0, 100));
            const auto events = any_events();
            const auto change = session::reduce(session, events, kSmallVault, now);
            check(session, events, change);
            if (change.kind == Kind::End) return;
            session = change.next;
        }
    });
}

TEST(LifecycleProperties, TheAbsoluteEndMovesOnlyAtALogin) {
    EXPECT_TRUE(holds_all_life_long([](const auto& before, const auto& events, const auto& change) {
        if (has<policy::LoggedIn>(events)) return;
        RC_ASSERT(absolute_end(change.next, kLimits) == absolute_end(before, kLimits));
    }));
}

TEST(LifecycleProperties, NobodyBecomesAUserWithoutALogin) {
    EXPECT_TRUE(holds_all_life_long([](const auto& before, const auto& events, const auto& change) {
        if (has<policy::LoggedIn>(events)) return;
        RC_ASSERT(change.next.authentication == before.authentication);
    }));
}

TEST(LifecycleProperties, ALoginAlwaysRotatesUnlessTheSessionEnds) {
    EXPECT_TRUE(holds_all_life_long([](const auto& before, const auto& events, const auto& change) {
        if (change.kind == Kind::End) return;
        RC_ASSERT((change.kind == Kind::Rotate) == has<policy::LoggedIn>(events));
        RC_ASSERT(change.next.ids == before.ids);  // For the manager to replace.
    }));
}

TEST(LifecycleProperties, AnEndWinsWhereverItStands) {
    EXPECT_TRUE(holds_all_life_long([](const auto&, const auto& events, const auto& change) {
        const bool is_over = has<policy::LoggedOut>(events) || has<policy::Revoked>(events);
        RC_ASSERT((change.kind == Kind::End) == is_over);
        RC_ASSERT((change.reason != policy::Reason::None) == is_over);
    }));
}

TEST(LifecycleProperties, TheVaultKeepsItsLimits) {
    EXPECT_TRUE(holds_all_life_long([](const auto&, const auto&, const auto& change) {
        RC_ASSERT(change.next.vault.size() <= kSmallVault.count);
        RC_ASSERT(change.next.vault.bytes() <= kSmallVault.bytes);
    }));
}

TEST(LifecycleProperties, NothingIsToldToChangeThatStaysAsItWas) {
    EXPECT_TRUE(holds_all_life_long([](const auto& before, const auto&, const auto& change) {
        if (change.kind == Kind::Nothing) RC_ASSERT(change.next == before);
        if (change.kind == Kind::Update) RC_ASSERT(!(change.next == before));
    }));
}

TEST(LifecycleProperties, WhatHasExpiredStaysExpired) {
    EXPECT_TRUE(rc::check([] {
        const auto session = *rc::gen::element(stranger(), user());
        const auto seen = kStart + std::chrono::minutes(*rc::gen::inRange(0, 600));
        const auto now = seen + std::chrono::minutes(*rc::gen::inRange(0, 600));
        const auto later = now + std::chrono::minutes(*rc::gen::inRange(0, 600));
        const auto reason = expiry_of(session, seen, kLimits, now);
        if (reason == policy::Reason::None) return;
        RC_ASSERT(expiry_of(session, seen, kLimits, later) == reason);
    }));
}

}  // namespace
