#pragma once

// Exchanges with a client and a backend that answer from memory, in front of a real manager.

#include <array>
#include <memory>

#include <gtest/gtest.h>
#include <unistd.h>

#include "gateway/exchange.h"
#include "session/memory_store.h"
#include "tests/support/fake_client.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_random.h"
#include "tests/support/fake_upstream.h"
#include "tests/support/loop.h"
#include "tests/support/policy_parts.h"
#include "tests/support/run_task.h"

namespace gateway {

using support::FakeAnswer;
using support::FakeClient;

// A store that can be made to fail, in front of one that works.
struct FlakyStore final : session::Store {
    session::MemoryStore inner{session::MemoryLimits{}};
    bool down = false;

    template <class T>
    static session::Task<policy::Result<T>> fail_down() {
        co_return policy::fail(policy::Reason::StoreUnavailable, "made to fail");
    }
    session::Task<policy::Result<session::Lookup>> load(session::Locator at) override {
        return down ? fail_down<session::Lookup>() : inner.load(at);
    }
    session::Task<policy::Result<void>> create(session::Locator at, session::Record record,
                                               policy::Instant now) override {
        return down ? fail_down<void>() : inner.create(at, std::move(record), now);
    }
    session::Task<policy::Result<session::Write>> replace(session::Locator at,
                                                          session::Version expected,
                                                          session::Record record,
                                                          policy::Instant now) override {
        return down ? fail_down<session::Write>()
                    : inner.replace(at, expected, std::move(record), now);
    }
    session::Task<policy::Result<session::Write>> end(session::SessionKey key,
                                                      policy::Reason reason,
                                                      policy::Instant keep_until) override {
        return down ? fail_down<session::Write>() : inner.end(key, reason, keep_until);
    }
    session::Task<void> touch(session::SessionKey key, policy::Instant now) override {
        return inner.touch(key, now);
    }
    session::Task<policy::Result<std::vector<session::UserSession>>> sessions_of(
        policy::UserName user) override {
        return down ? fail_down<std::vector<session::UserSession>>()
                    : inner.sessions_of(std::move(user));
    }
};

inline std::vector<session::CookieKey> one_key() {
    std::vector<session::CookieKey> keys;
    keys.push_back({"k1", policy::Secret(std::string(32, 'k'))});
    return keys;
}

struct ExchangeTest : testing::Test {
    FlakyStore store;
    support::FakeRandom random;
    support::FakeClock clock;
    session::Attempts attempts{session::AttemptLimits{}};
    session::Manager sessions{store, random, {}, session::KeyRing(one_key())};
    support::FakeBackend backend;
    std::array<int, 2> pipe{};
    std::unique_ptr<AuditWriter> writer;
    std::unique_ptr<Audit> audit;
    RequestIds ids = RequestIds::begin(random).value();
    policy::RouteTable routes{{guarded(), support::public_route()}};
    policy::HeaderRules headers{
        policy::ReservedNames(),
        [this](std::string_view name) { return sessions.cookies().resembles_ours(name); },
        {"jsessionid"}};
    policy::BindingPolicy binding;
    StaleCookies stale_cookies{routes, [](std::string_view) { return false; }};
    support::Loop loop;
    LiveExchanges live{loop.wheel};
    std::string cookie;  // What the browser holds.

    static policy::Route guarded() {
        auto route = support::protected_route();
        route.path.text = "/private";
        return route;
    }

    ExchangeTest() {
        EXPECT_EQ(::pipe(pipe.data()), 0);
        writer = std::make_unique<AuditWriter>(pipe[1], [](auto) { return std::string(); });
        audit = std::make_unique<Audit>(*writer, policy::PrefixLengths{});
        backend.answers = {FakeAnswer{200, {}, "hello"}};
    }
    ~ExchangeTest() override {
        audit.reset();
        writer.reset();  // Writes what is left, so the pipe's end must still be open.
        ::close(pipe[0]);
    }

    FakeClient ask(policy::Method method, std::string_view target, std::string_view form = {}) {
        return ask(FakeClient(), method, target, form);
    }

    // With the fields that `client` sends besides.
    FakeClient ask(FakeClient client, policy::Method method, std::string_view target,
                   std::string_view form = {}) {
        const auto fields = std::exchange(client.request.fields, {});
        client.request = support::head(method, target);
        for (const auto& [name, value] : fields) client.request.fields.add(name, value);
        if (!cookie.empty()) client.request.fields.add("Cookie", cookie);
        client.body = form;
        client.request_framing.length = form.size();
        if (!form.empty()) {
            client.request.fields.add("Content-Type", "application/x-www-form-urlencoded");
            client.request_framing.kind = policy::Framing::Kind::Length;
        }
        Services services{sessions, attempts, backend, clock,   *audit,
                          ids,      routes,   headers, binding, stale_cookies,
                          live};
        Exchange exchange(services, client);
        support::run(exchange.run());
        remember_cookie(client.answer);
        return client;
    }

    void remember_cookie(const std::string& answer) {
        const auto at = answer.find("Set-Cookie: __Host-Http-session=");
        if (at != std::string::npos)
            cookie = answer.substr(at + 12, answer.find(';', at) - at - 12);
    }

    FakeClient log_in() {
        backend.answers = {FakeAnswer{302, {{"Set-Cookie", "SID=1"}}, ""},
                           FakeAnswer{200, {}, "hello"}};
        return ask(policy::Method::Post, "/login", "do=login&user=ada");
    }

    std::string audit_text() {
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

    static std::size_t count(std::string_view text, std::string_view part) {
        std::size_t found = 0;
        for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
        return found;
    }
};

}  // namespace gateway
