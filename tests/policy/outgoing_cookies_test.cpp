#include <gmock/gmock.h>

#include "policy/decide.h"
#include "policy/outgoing.h"
#include "tests/support/policy_parts.h"

namespace policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Crossings : testing::Test {
    Backend backend;
    RequestHead request = support::head(Method::Get, "/page");
    HeaderRules rules{ReservedNames(), [](std::string_view name) { return name == "__Host-own"; }};
    Arena arena;

    // Decides about the request and fills `out` with its fields for the backend.
    OutgoingRequest send(std::vector<CookiePair> cookies, FieldList& out) {
        auto route = support::public_route();
        route.backend = std::make_shared<Backend>(backend);
        const auto facts = support::facts(request);
        const auto decision = decide(facts, {}, route, {}, support::kNow);
        return outgoing_request(std::get<Permit>(decision), {request, facts, {}, cookies, {}, "id"},
                                rules, arena, out);
    }

    // What becomes of the Set-Cookie `line` in answer to a request whose backend path is `path`.
    std::vector<std::string> released(std::string_view line, std::string_view path = "/page") {
        ResponseHead head;
        head.fields.add("Set-Cookie", line);
        auto facts = support::facts(request);
        facts.forwarded = path;
        const auto sorted = sort_cookies(head, {backend, facts, {}}, rules, arena);
        return {sorted.released.begin(), sorted.released.end()};
    }
};

TEST_F(Crossings, ACookieUnderAVaultedNameIsRefused) {
    backend.cookies.rules = {{"ad", CookieMode::Drop}, {"lang", CookieMode::Readable}};
    FieldList out;

    const auto outgoing = send({{"SID", "planted"}, {"lang", "en"}, {"ad", "1"}}, out);

    EXPECT_EQ(out.find("Cookie")->value, "lang=en");
    EXPECT_THAT(outgoing.refused, ElementsAre("SID", "ad"));
    EXPECT_THAT(outgoing.findings, IsEmpty());
    const auto told = cookie_refused(outgoing.refused);
    EXPECT_EQ(told.event, Event::BackendCookieRefused);
    EXPECT_EQ(told.arguments[0].second, "SID ad");
    EXPECT_EQ(told.arguments[1].second, "2");
}

TEST_F(Crossings, OurOwnCookieIsNotAmongTheRefused) {
    FieldList out;

    const auto outgoing = send({{"__Host-own", "v1.secret"}}, out);

    EXPECT_THAT(outgoing.refused, IsEmpty());
    EXPECT_THAT(outgoing.findings, IsEmpty());
}

TEST_F(Crossings, AValueIsNeverTold) {
    FieldList out;

    const auto outgoing = send({{"SID", "s3cret"}, {"a b", "s3cret"}}, out);

    for (const auto& [name, value] : cookie_refused(outgoing.refused).arguments)
        EXPECT_EQ(value.find("s3cret"), std::string::npos) << name;
}

TEST_F(Crossings, AReadableCookieIsHardenedButForHttpOnly) {
    backend.cookies.otherwise = CookieMode::Readable;

    EXPECT_THAT(released("XSRF=1; HttpOnly; Domain=app.test; Path=/"),
                ElementsAre("XSRF=1; Path=/; Secure; SameSite=Lax"));
    EXPECT_THAT(released("XSRF=1; SameSite=Strict"),
                ElementsAre("XSRF=1; Secure; SameSite=Strict"));
}

struct MappedCookies : Crossings {
    MappedCookies() {
        backend.cookies.otherwise = CookieMode::Pass;
        backend.crossing.paths = {"/wiki", "/app"};
    }
};

TEST_F(MappedCookies, HaveThePublicPath) {
    EXPECT_THAT(released("a=1; Path=/app/deep; Secure"),
                ElementsAre("a=1; Secure; Path=/wiki/deep"));
    EXPECT_THAT(released("a=1; Path=/app"), ElementsAre("a=1; Path=/wiki"));
    EXPECT_THAT(released("a=1; Path=/app/"), ElementsAre("a=1; Path=/wiki/"));
    EXPECT_THAT(released("a=; Path=/app; Path=/app/x; Max-Age=0"),
                ElementsAre("a=; Max-Age=0; Path=/wiki/x"));
}

TEST_F(MappedCookies, OfTheWholeBackendAreForAllThatCanBeReached) {
    EXPECT_THAT(released("a=1; Path=/"), ElementsAre("a=1; Path=/wiki"));

    backend.crossing.paths = {"/wiki", ""};
    EXPECT_THAT(released("a=1; Path=/"), ElementsAre("a=1; Path=/wiki"));

    backend.crossing.paths = {"", "/app"};
    EXPECT_THAT(released("a=1; Path=/app"), ElementsAre("a=1; Path=/"));
}

TEST_F(MappedCookies, WithoutAPathHaveTheOneThatTheBackendMeant) {
    EXPECT_THAT(released("a=1", "/app/x/page?q"), ElementsAre("a=1; Path=/wiki/x"));
    EXPECT_THAT(released("a=1", "/app"), ElementsAre("a=1; Path=/wiki"));
}

TEST_F(MappedCookies, OutOfReachAreLeftOut) {
    EXPECT_THAT(released("a=1; Path=/other"), IsEmpty());
    EXPECT_THAT(released("a=1; Path=/apple"), IsEmpty());
}

TEST_F(MappedCookies, WithTheHostPrefixKeepTheRoot) {
    EXPECT_THAT(released("__Host-a=1; Path=/; Secure"), ElementsAre("__Host-a=1; Path=/; Secure"));
}

TEST_F(MappedCookies, AreHardenedAllTheSame) {
    backend.cookies.otherwise = CookieMode::Harden;

    EXPECT_THAT(released("a=1; Path=/app/x"),
                ElementsAre("a=1; Secure; HttpOnly; SameSite=Lax; Path=/wiki/x"));
}

TEST_F(Crossings, TheBackendIsSentItsOwnHost) {
    backend.crossing.host = parse_authority("erp.internal:8080").value();
    FieldList out;

    send({}, out);

    EXPECT_EQ(out.find("Host")->value, "erp.internal:8080");
    EXPECT_EQ(out.count("Host"), 1u);
    EXPECT_EQ(out.find("X-Forwarded-Host")->value, "app.test");
    EXPECT_NE(out.find("Forwarded")->value.find("host=\"app.test\""), std::string_view::npos);
}

TEST_F(Crossings, OriginAndRefererAreTranslatedWhereThePolicySaysSo) {
    backend.crossing.host = parse_authority("erp.internal").value();
    request.fields.add("Origin", "https://app.test");
    request.fields.add("Referer", "https://app.test/page");
    FieldList out;

    send({}, out);
    EXPECT_EQ(out.find("Origin")->value, "https://app.test");
    EXPECT_EQ(out.find("Referer")->value, "https://app.test/page");

    backend.crossing.origin = CrossingRules::Mode::Rewrite;
    send({}, out);
    EXPECT_EQ(out.find("Origin")->value, "http://erp.internal");
    EXPECT_EQ(out.find("Referer")->value, "http://erp.internal/page");
}

TEST_F(Crossings, AForeignOriginNeverBecomesTheBackends) {
    backend.crossing.origin = CrossingRules::Mode::Rewrite;
    request.fields.add("Origin", "https://evil.test");
    request.fields.add("Referer", "https://evil.test/https://app.test/");
    FieldList out;

    send({}, out);

    EXPECT_EQ(out.find("Origin")->value, "https://evil.test");
    EXPECT_EQ(out.find("Referer")->value, "https://evil.test/https://app.test/");
}

struct Addresses : Crossings {
    std::string told(std::initializer_list<Field> fields) {
        ResponseHead head;
        head.status = 302;
        for (const auto& field : fields) head.fields.add(field.name, field.value);
        const auto facts = support::facts(request);
        const std::vector<std::string> names{"jsessionid"};
        const Crossing crossing{backend, facts, names};
        FieldList out;
        outgoing_response({head, Method::Get, {}, {}, {}, &crossing}, arena, out);
        std::string lines;
        for (const auto& [name, value] : out)
            lines.append(name).append(": ").append(value).append("\n");
        return lines;
    }
};

TEST_F(Addresses, OfTheBackendBecomeOurs) {
    backend.servers = {{"10.0.0.5", 9000}};

    EXPECT_EQ(told({{"location", "http://10.0.0.5:9000/a"},
                    {"Content-Location", "http://app.test/b;jsessionid=1"},
                    {"Refresh", "0;url=http://app.test/c"},
                    {"X-Location", "http://app.test/d"}}),
              "location: https://app.test/a\n"
              "Content-Location: https://app.test/b\n"
              "Refresh: 0;url=https://app.test/c\n"
              "X-Location: http://app.test/d\n");
}

TEST_F(Addresses, InSeveralLinesAreReadEachByItself) {
    EXPECT_EQ(told({{"Location", "http://app.test/a"},
                    {"Location", "/b\t"},
                    {"Location", "https://evil.test/"}}),
              "Location: https://app.test/a\n"
              "Location: https://evil.test/\n");
}

TEST(OutgoingRemovals, AreSentAndNeverCached) {
    ResponseHead head;
    head.fields.add("Cache-Control", "public, max-age=600");
    const std::vector<std::string> removals{"SID=; Path=/; Max-Age=0"};
    Arena arena;
    FieldList out;

    outgoing_response({head, Method::Get, {}, removals, {}}, arena, out);

    EXPECT_EQ(out.find("Cache-Control")->value, "no-store");
    EXPECT_EQ(out.find("Set-Cookie")->value, removals[0]);
    EXPECT_EQ(out.size(), 2u);
}

}  // namespace
}  // namespace policy
