#include "policy/outgoing.h"

#include <string>

#include <gtest/gtest.h>

#include "policy/decide.h"
#include "tests/support/policy_parts.h"

namespace policy {
namespace {

using support::facts;
using support::kNow;
using support::session_of;

const UserName kAda{"ada"};

struct Outgoing : testing::Test {
    Route route = support::public_route();
    RequestHead request = support::head(Method::Get, "/page");
    SessionFacts session;
    std::vector<CookiePair> cookies;
    std::string vault;
    HeaderRules rules{ReservedNames({"X-Forwarded-User", "X-Role"}),
                      [](std::string_view name) { return name == "__Host-own"; }};
    Findings findings;

    Outgoing() { route.identity = {{"X-Forwarded-User", IdentityField::User}}; }

    // What the backend gets, a line for each field.
    std::string sent() {
        const auto request_facts = facts(request);
        const auto decision = decide(request_facts, session, route, {}, kNow);
        Arena arena;
        FieldList out;
        const auto outgoing = outgoing_request(
            std::get<Permit>(decision), {request, request_facts, session, cookies, vault, "id-1"},
            rules, arena, out);
        findings = outgoing.findings;
        std::string lines;
        for (const auto& [name, value] : out)
            lines.append(name).append(": ").append(value).append("\n");
        return lines;
    }

    static std::size_t count(const std::string& text, const std::string& part) {
        std::size_t found = 0;
        for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
            ++found;
        return found;
    }
};

TEST_F(Outgoing, ForwardsWhatTheClientMaySayAndAddsOursLast) {
    request.fields.add("Accept", "text/html");
    session = session_of(kAda);

    EXPECT_EQ(sent(),
              "Host: app.test\n"
              "Accept: text/html\n"
              "X-Forwarded-For: 192.0.2.7\n"
              "X-Forwarded-Proto: https\n"
              "X-Forwarded-Host: app.test\n"
              "Forwarded: for=192.0.2.7;host=\"app.test\";proto=https\n"
              "X-Request-Id: id-1\n"
              "X-Forwarded-User: ada\n");
    EXPECT_TRUE(findings.empty());
}

TEST_F(Outgoing, AStrangerHasNoIdentity) {
    EXPECT_EQ(count(sent(), "X-Forwarded-User"), 0u);
}

TEST_F(Outgoing, SpoofedHeadersAreRemovedInEverySpellingAndTold) {  // IDF-001, IDF-002
    session = session_of(kAda);
    for (const auto* name :
         {"X-Forwarded-User", "x-forwarded-user", "X_Forwarded_User", "x-Forwarded_USER", "X_ROLE",
          "X-Role", "X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Original-URL", "X-Rewrite-Url",
          "X-HTTP-Method-Override", "X-Request-Id"})
        request.fields.add(name, "root");

    const auto out = sent();

    EXPECT_EQ(count(out, "root"), 0u) << out;
    EXPECT_EQ(count(out, "X-Forwarded-User: ada"), 1u);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].event, Event::HeaderSpoofStripped);
    EXPECT_EQ(findings[0].arguments[1].second, "13");
}

TEST_F(Outgoing, NamesThatBackendsFoldAreDropped) {  // IDF-002
    request.fields.add("X_Odd", "1");
    request.fields.add("X.Odd", "1");
    request.fields.add("X-Even", "1");

    const auto out = sent();

    EXPECT_EQ(count(out, "Odd"), 0u);
    EXPECT_EQ(count(out, "X-Even: 1"), 1u);
}

TEST_F(Outgoing, AConnectionHeaderCannotTakeOursAway) {  // IDF-003
    session = session_of(kAda);
    request.fields.add("Connection", "X-Forwarded-User, X-Forwarded-For, X-Hop, close");
    request.fields.add("X-Hop", "1");

    const auto out = sent();

    EXPECT_EQ(count(out, "X-Forwarded-User: ada"), 1u);
    EXPECT_EQ(count(out, "X-Forwarded-For: 192.0.2.7"), 1u);
    EXPECT_EQ(count(out, "X-Hop"), 0u);
    EXPECT_EQ(count(out, "Connection"), 0u);
}

TEST_F(Outgoing, HopByHopFieldsStayHere) {  // HTP-005
    for (const auto* name : {"Keep-Alive", "Proxy-Connection", "TE", "Transfer-Encoding", "Upgrade",
                             "Trailer", "Expect", "Content-Length"})
        request.fields.add(name, "hop");

    EXPECT_EQ(count(sent(), "hop"), 0u);
}

TEST_F(Outgoing, UserNamesCannotSplitALine) {  // IDF-004
    const UserName odd{"j\xC3\xB6rg\r\nX-Admin: 1%"};
    session = session_of(odd);

    EXPECT_EQ(count(sent(), "X-Forwarded-User: j%C3%B6rg%0D%0AX-Admin:%201%25\n"), 1u);
}

TEST_F(Outgoing, TheVaultSpeaksForTheBrowser) {  // CKI-008
    route.backend = [] {
        Backend backend;
        backend.cookies.rules = {{"lang", CookieMode::Pass}, {"seen", CookieMode::Harden}};
        return std::make_shared<Backend>(std::move(backend));
    }();
    cookies = {{"__Host-own", "v1.secret"}, {"SID", "planted"}, {"lang", "en"}, {"seen", "1"}};
    vault = "SID=real";

    EXPECT_EQ(count(sent(), "Cookie: SID=real; lang=en; seen=1\n"), 1u);
}

struct FoldedCookies : Outgoing {
    FoldedCookies() { rules_for(CookieMode::Pass); }

    // PHPSESSID is vaulted, all else is `otherwise`.
    void rules_for(CookieMode otherwise, std::string name = "PHPSESSID") {
        Backend backend;
        backend.cookies.rules = {{std::move(name), CookieMode::Vault}};
        backend.cookies.otherwise = otherwise;
        route.backend = std::make_shared<Backend>(std::move(backend));
    }
};

TEST_F(FoldedCookies, NamesThatAreNoTokensAreDropped) {  // CKI-006, CKI-008
    cookies = {{" PHPSESSID", "a"},  {"\tPHPSESSID", "a"}, {"PHP[SESSID", "a"}, {"a b", "a"},
               {"\"PHPSESSID", "a"}, {"PHPSESSID ", "a"},  {"lang", "en"}};

    for (const auto otherwise : {CookieMode::Pass, CookieMode::Harden}) {
        rules_for(otherwise);
        EXPECT_EQ(count(sent(), "Cookie: lang=en\n"), 1u);
    }
}

TEST_F(FoldedCookies, NamesThatPhpFoldsToAVaultedOneAreDropped) {
    rules_for(CookieMode::Pass, "MY_APP_SESSION");
    cookies = {{"MY.APP.SESSION", "a"},   {"MY_APP.SESSION", "a"},     {"MY%5fAPP%2ESESSION", "a"},
               {"%4dY_APP_SESSION", "a"}, {"%20MY_APP_SESSION", "a"},  {"MY_APP%5BSESSION", "a"},
               {"MY+APP+SESSION", "a"},   {"MY_APP_SESSION%00x", "a"}, {"lang", "en"}};

    EXPECT_EQ(count(sent(), "Cookie: lang=en\n"), 1u);
}

TEST_F(FoldedCookies, NamesThatPhpFoldsToOursAreDropped) {
    rules.is_own_cookie = [](std::string_view name) { return name == "__Host-own_id"; };
    cookies = {{"__Host-own.id", "a"}, {"%5f_Host-own_id", "a"}, {"lang", "en"}};

    EXPECT_EQ(count(sent(), "Cookie: lang=en\n"), 1u);
}

TEST_F(FoldedCookies, NamesWithDotsPassWhereNoRuleIsMeant) {
    cookies = {{"connect.sid", "1"}, {"50%25", "2"}, {"100%", "3"}};

    EXPECT_EQ(count(sent(), "Cookie: connect.sid=1; 50%25=2; 100%=3\n"), 1u);
}

TEST_F(FoldedCookies, ARuleForTheNameAsSentIsMeant) {
    Backend backend;
    backend.cookies.rules = {{"connect.sid", CookieMode::Pass}};
    route.backend = std::make_shared<Backend>(std::move(backend));
    cookies = {{"connect.sid", "1"}};

    EXPECT_EQ(count(sent(), "Cookie: connect.sid=1\n"), 1u);
}

TEST_F(Outgoing, NoCookieNoCookieHeader) {
    cookies = {{"SID", "planted"}};

    EXPECT_EQ(count(sent(), "Cookie"), 0u);
}

TEST_F(Outgoing, TheHostIsTheOneThatWasDecidedOn) {  // HTP-004
    request = support::request({{"Host", "other.test"}});
    request.target = "http://app.test:8080/page";

    const auto out = sent();

    EXPECT_EQ(count(out, "Host: app.test:8080\n"), 2u) << "Host and X-Forwarded-Host";
    EXPECT_EQ(count(out, "other.test"), 0u);
}

TEST_F(Outgoing, OtherIdentityFields) {
    route.identity = {{"X-Session", IdentityField::Session},
                      {"X-Since", IdentityField::AuthenticatedAt}};
    session = session_of(kAda, Instant{std::chrono::seconds(1700000000)});

    const auto out = sent();

    EXPECT_EQ(count(out, "X-Session: 0123456789abcdef\n"), 1u);
    EXPECT_EQ(count(out, "X-Since: 1700000000\n"), 1u);
}

ResponseHead response(std::initializer_list<Field> list, int status = 200) {
    ResponseHead head;
    head.status = status;
    head.fields = support::fields(list);
    return head;
}

TEST_F(Outgoing, BackendCookiesAreSortedByRule) {
    Backend backend;
    backend.cookies.rules = {
        {"lang", CookieMode::Pass}, {"seen", CookieMode::Harden}, {"ad", CookieMode::Drop}};
    const auto head = response({{"Set-Cookie", "SID=1; Path=/"},
                                {"Set-Cookie", "lang=en"},
                                {"set-cookie", "seen=1; Domain=app.test"},
                                {"Set-Cookie", "ad=1"},
                                {"Set-Cookie", "__Host-own=stolen"},
                                {"Set-Cookie", "=nameless\x01"}});
    Arena arena;

    const auto request_facts = facts(request);
    const auto sorted = sort_cookies(head, {backend, request_facts, {}}, rules, arena);

    EXPECT_EQ(sorted.vaulted, std::vector<std::string>{"SID=1; Path=/"});
    ASSERT_EQ(sorted.released.size(), 2u);
    EXPECT_EQ(sorted.released[0], "lang=en");
    EXPECT_NE(sorted.released[1].find("Secure"), std::string_view::npos);
    ASSERT_EQ(sorted.findings.size(), 1u);
    EXPECT_EQ(sorted.findings[0].event, Event::BackendCookieConflict);
}

std::string received(const ResponseParts& parts) {
    FieldList out;
    Arena arena;
    outgoing_response(parts, arena, out);
    std::string lines;
    for (const auto& [name, value] : out)
        lines.append(name).append(": ").append(value).append("\n");
    return lines;
}

TEST(OutgoingResponse, DropsWhatIsNotForTheBrowser) {
    const auto head = response({{"Content-Type", "text/html"},
                                {"Connection", "X-Hop"},
                                {"X-Hop", "1"},
                                {"Server", "Apache/2.2"},
                                {"X-Powered-By", "PHP/5.3"},
                                {"Transfer-Encoding", "chunked"},
                                {"Set-Cookie", "SID=1"},
                                {"Content-Length", "5"}});

    EXPECT_EQ(received({head, Method::Get, {}, {}, {}}), "Content-Type: text/html\n");
}

TEST(OutgoingResponse, OurCookieIsNeverCached) {  // CKI-010
    const auto head = response({{"Cache-Control", "public, max-age=600"}, {"Expires", "later"}});

    EXPECT_EQ(received({head, Method::Get, {}, {}, "n=v"}),
              "Cache-Control: no-store\n"
              "Set-Cookie: n=v\n");
}

TEST(OutgoingResponse, CachingIsLeftAloneWithoutOurCookie) {
    const auto head = response({{"Cache-Control", "public"}});

    EXPECT_EQ(received({head, Method::Get, {}, {}, {}}), "Cache-Control: public\n");
}

TEST(OutgoingResponse, ALengthIsToldWhereNoBodyFollows) {
    const auto head = response({{"Content-Length", "5"}});
    const auto unchanged = response({{"Content-Length", "5"}}, 304);
    const auto nothing = response({{"Content-Length", "5"}}, 204);

    EXPECT_EQ(received({head, Method::Head, {}, {}, {}}), "Content-Length: 5\n");
    EXPECT_EQ(received({nothing, Method::Head, {}, {}, {}}), "");
    EXPECT_EQ(received({unchanged, Method::Get, {}, {}, {}}), "Content-Length: 5\n");
    EXPECT_EQ(received({head, Method::Get, {}, {}, {}}), "");
}

}  // namespace
}  // namespace policy
