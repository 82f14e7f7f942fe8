#include "policy/learn/redact.h"

#include <gmock/gmock.h>

#include "policy/learn/fields.h"
#include "tests/support/recording.h"

namespace policy::learn {
namespace {

using support::in;
using support::PlainLogin;
using testing::HasSubstr;
using testing::Not;

std::string written(const Recording& recording) {
    return write_recording(redact(recording));
}

PlainLogin with_passwords() {
    PlainLogin login;
    login.fail.form("");
    login.fail = in(Step::Fail, "POST", "/login").form("user=alice&x=wrong-secret&go=1");
    login.login = in(Step::Login, "POST", "/login").form("user=alice&x=right%2Bsecret&go=1");
    return login;
}

TEST(Redact, WhatDiffersBetweenFailureAndLoginIsAPassword) {
    const auto text = written(with_passwords().recording());

    EXPECT_THAT(text, HasSubstr("user=alice&x=redacted&go=1"));
    EXPECT_THAT(text, Not(HasSubstr("secret")));
}

TEST(Redact, APasswordIsReplacedWhereverElseItStands) {
    auto login = with_passwords();
    login.after_fail = in(Step::Fail, "GET", "/next?x=wrong-secret")
                           .header("Referer", "http://a/?y=wrong-secret")
                           .page("you typed wrong-secret");
    login.after_login = in(Step::Login, "GET", "/x/right+secret").leads_to("/?pw=right%2Bsecret");

    EXPECT_THAT(written(login.recording()), Not(HasSubstr("secret")));
}

TEST(Redact, ANameThatLooksLikeAPasswordIsEnough) {
    const auto text = written(support::recording_of(
        {in(Step::Page, "POST", "/change").form("oldPassword=a1&newpwd=b2&user%5Bpass%5D=c3")}));

    EXPECT_THAT(text, HasSubstr("oldPassword=redacted&newpwd=redacted&user%5Bpass%5D=redacted"));
}

TEST(Redact, APasswordInJsonIsReplaced) {
    auto login = PlainLogin();
    login.fail = in(Step::Fail, "POST", "/login").json(R"({"user":"alice","x":["wrong!"],"n":1})");
    login.login =
        in(Step::Login, "POST", "/login").json(R"({"user":"alice","x":["right!"],"n":1})");

    const auto recording = redact(login.recording());

    EXPECT_EQ(recording.exchanges[1].request.body.text,
              R"({"user":"alice","x":["redacted"],"n":1})");
    EXPECT_EQ(recording.exchanges[3].request.body.text,
              R"({"user":"alice","x":["redacted"],"n":1})");
}

TEST(Redact, APasswordInAMultipartFormIsReplaced) {
    const auto body = [](const std::string& password) {
        return "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nalice\r\n"
               "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n" +
               password + "\r\n--b--\r\n";
    };
    const auto attempt = [&](Step step, const std::string& password) {
        Exchange exchange =
            in(step, "POST", "/login").header("Content-Type", "multipart/form-data; boundary=b");
        exchange.request.body.text = body(password);
        return exchange;
    };

    const auto recording =
        redact(support::recording_of({attempt(Step::Fail, "no"), attempt(Step::Login, "yes")}));

    EXPECT_EQ(recording.exchanges[0].request.body.text, body("redacted"));
    EXPECT_EQ(recording.exchanges[1].request.body.text, body("redacted"));
}

TEST(Redact, ABasicPasswordIsReplaced) {
    const auto recording = redact(support::recording_of(
        {in(Step::Login, "GET", "/")
             .header("Authorization", basic_authorization({"alice", "secret"}))}));

    const auto basic = basic_credentials(recording.exchanges[0].request);
    EXPECT_EQ(basic->user, "alice");
    EXPECT_EQ(basic->password, "redacted");
}

TEST(Redact, WithoutAFailureEveryTypedFieldIsTakenForThePassword) {
    const auto text = written(support::recording_of(
        {in(Step::Visit, "GET", "/").page("<input type=hidden name=do value=enter>"),
         in(Step::Login, "POST", "/login").form("user=alice&x=secret&do=enter&more=maybe")}));

    EXPECT_THAT(text, HasSubstr("user=alice&x=redacted&do=enter&more=redacted"));
}

TEST(Redact, APasswordThatIsTheUserNameDoesNotTakeTheNameAway) {
    auto login = PlainLogin();
    login.fail = in(Step::Fail, "POST", "/login").form("user=alice&pw=alice");

    EXPECT_THAT(written(login.recording()), HasSubstr("user=alice&pw=redacted"));
}

TEST(Redact, WhatAPageGaveIsNoPassword) {
    auto login = PlainLogin();
    login.visit.page("<input type=hidden name=tok value=first><input name=user>");
    login.after_fail.page("<input type=hidden name=tok value=second><input name=user>");
    login.fail = in(Step::Fail, "POST", "/login").form("user=alice&pw=aaaa&tok=first");
    login.login = in(Step::Login, "POST", "/login").form("user=alice&pw=bbbb&tok=second");

    const auto text = written(login.recording());

    EXPECT_THAT(text, HasSubstr("pw=redacted&tok=first"));
    EXPECT_THAT(text, HasSubstr("pw=redacted&tok=second"));
}

TEST(Redact, AnIdHasTheSameAliasWhereverItStands) {
    auto login = PlainLogin();
    login.visit = in(Step::Visit, "GET", "/a;jsessionid=0123456789ABCDEF?s=0123456789ABCDEF")
                      .sets("JSESSIONID=0123456789ABCDEF; Path=/; HttpOnly")
                      .page("<input type=hidden name=sid value=0123456789ABCDEF>");
    login.fail.cookie("JSESSIONID=0123456789ABCDEF; lang=de");

    const auto text = written(login.recording());

    EXPECT_THAT(text, Not(HasSubstr("0123456789ABCDEF")));
    EXPECT_THAT(text, HasSubstr("/a;jsessionid=c1?s=c1"));
    EXPECT_THAT(text, HasSubstr("JSESSIONID=c1; Path=/; HttpOnly"));
    EXPECT_THAT(text, HasSubstr("name=sid value=c1"));
    EXPECT_THAT(text, HasSubstr("JSESSIONID=c1; lang=c2"));
}

TEST(Redact, AnEncodedIdIsFoundDecodedToo) {
    auto login = PlainLogin();
    login.visit.sets("sid=s%3Aabcdefgh.ij%2Bkl").page("session s:abcdefgh.ij+kl here");

    EXPECT_THAT(written(login.recording()), HasSubstr("session c1 here"));
}

TEST(Redact, DeletionsStayAsTheyAre) {
    auto login = PlainLogin();
    login.logout.sets("a=deleted; Max-Age=0").sets("b=-del-").sets("c=; expires=x");

    const auto text = written(login.recording());

    EXPECT_THAT(text, HasSubstr("a=deleted; Max-Age=0"));
    EXPECT_THAT(text, HasSubstr("b=-del-"));
    EXPECT_THAT(text, HasSubstr("c=; expires=x"));
}

TEST(Redact, TokensOutsideCookiesAreIdsToo) {
    auto login = PlainLogin();
    login.login.answers_json(R"({"access_token":"eyJhbGciOi.J9","ok":true})");
    login.page.header("Authorization", "Bearer eyJhbGciOi.J9");

    const auto text = written(login.recording());

    EXPECT_THAT(text, Not(HasSubstr("eyJ")));
    EXPECT_THAT(text, HasSubstr("Bearer c1"));
}

TEST(Redact, OnceMoreChangesNothing) {
    for (const auto* name : {"dokuwiki", "phpmyadmin", "tomcat_form", "adminer", "express_json"}) {
        const auto once = redact(support::read_case(name));
        EXPECT_TRUE(write_recording(once) == support::read_text(std::string(name) + ".jsonl"))
            << name;
        EXPECT_TRUE(written(once) == write_recording(once)) << name;
    }
}

TEST(Redact, ANewIdDoesNotGetAnAliasThatIsTaken) {
    const auto text = written(
        support::recording_of({in(Step::Visit, "GET", "/").sets("a=c1").sets("b=fresh-value")}));

    EXPECT_THAT(text, HasSubstr("a=c1"));
    EXPECT_THAT(text, HasSubstr("b=c2"));
}

TEST(Redact, NamesOfPasswordsAreKnown) {
    for (const auto* name : {"password", "pwd", "j_password", "pma_password", "auth[password]",
                             "Passwd", "pass", "log[pass]", "kennwort", "pin", "pw"})
        EXPECT_TRUE(is_password_name(name)) << name;
    for (const auto* name : {"user", "p", "compass", "bypass", "do"})
        EXPECT_FALSE(is_password_name(name)) << name;
}

}  // namespace
}  // namespace policy::learn
