#include "policy/http/form_scanner.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

using State = FormField::State;

FormScanner scan(std::string_view body) {
    FormScanner scanner({"user", "do"});
    scanner.feed(body);
    scanner.finish();
    return scanner;
}

void expect_user(std::string_view body, State state, std::string_view value = "") {
    SCOPED_TRACE(body.substr(0, 60));
    const auto scanner = scan(body);
    EXPECT_EQ(scanner.field("user").state, state);
    EXPECT_EQ(scanner.field("user").value, value);
}

TEST(FormScanner, FindsAWantedFieldAmongOthers) {
    expect_user("user=alice&password=x", State::Present, "alice");
    expect_user("password=x&user=alice", State::Present, "alice");
    expect_user("&&user=alice&&", State::Present, "alice");
    expect_user("=x&user=alice", State::Present, "alice");
}

TEST(FormScanner, DecodesNamesAndValues) {
    expect_user("user=al+ice%40example.org", State::Present, "al ice@example.org");
    expect_user("%75ser=alice", State::Present, "alice");
    expect_user("user=a=b", State::Present, "a=b");
}

TEST(FormScanner, AFieldThatIsNotThereIsAbsent) {
    expect_user("", State::Absent);
    expect_user("users=alice&use=r&xuser=x", State::Absent);
    expect_user("password=user=alice", State::Absent);
    expect_user("%zzuser=alice", State::Absent);
}

TEST(FormScanner, AnEmptyValueIsPresent) {
    expect_user("user=", State::Present);
    expect_user("user", State::Present);
    expect_user("a=b&user&c=d", State::Present);
}

TEST(FormScanner, ARepeatedFieldHasNoValue) {
    expect_user("user=alice&user=bob", State::Repeated);
    expect_user("user=alice&user=alice", State::Repeated);
    expect_user("user=alice&%75ser=bob&user=carol", State::Repeated);
    expect_user("user=%&user=bob", State::Repeated);
    expect_user("user&user", State::Repeated);
}

TEST(FormScanner, ANameThatABackendMayTakeForTheFieldMakesItRepeated) {
    for (const auto* body :
         {"user=alice&+user=bob", "+user=bob&user=alice", "user=alice&user%00x=b",
          "user=alice&User=bob", "user=alice&user[]=bob", "user=alice&user.=b&USER"})
        expect_user(body, State::Repeated);
    expect_user("user=alice&" + std::string(300, '+') + "user=bob", State::Repeated);
    expect_user("user=alice&user%00" + std::string(300, 'x') + "=bob", State::Repeated);
    expect_user("user=alice&user[" + std::string(300, 'x') + "]=bob", State::Repeated);
}

TEST(FormScanner, ASemicolonSeparatesForSome) {
    expect_user("x=1;user=bob&user=alice", State::Repeated);
    expect_user("user=alice;b", State::Repeated);
    expect_user("user;x=1", State::Repeated);
    expect_user("password=a;b&user=alice", State::Present, "alice");
    expect_user("user=alice&text=a;b;c=d", State::Present, "alice");
}

TEST(FormScanner, AMalformedValueIsNone) {
    expect_user("user=%", State::Malformed);
    expect_user("user=%4&do=x", State::Malformed);
}

TEST(FormScanner, AValueMayBeAsLongAsTheLimit) {
    const std::string longest(FormScanner::kMaxValue, 'v');

    expect_user("user=" + longest, State::Present, longest);
    expect_user("user=" + longest + "v&do=x", State::TooLong);
}

TEST(FormScanner, AFieldBehindOneThatIsTooLongIsStillFound) {
    expect_user("do=" + std::string(5000, 'v') + "&user=alice", State::Present, "alice");
    expect_user(std::string(5000, 'n') + "&user=alice", State::Present, "alice");
    expect_user(std::string(5000, 'n') + "=x&user=alice", State::Present, "alice");
}

TEST(FormScanner, TheLastFieldCountsOnlyWhenTheBodyIsComplete) {
    FormScanner scanner({"user"});
    scanner.feed("user=ali");
    EXPECT_EQ(scanner.field("user").state, State::Absent);
    EXPECT_FALSE(scanner.is_finished());

    scanner.feed("ce");
    scanner.finish();

    EXPECT_EQ(scanner.field("user").value, "alice");
    EXPECT_TRUE(scanner.is_finished());
}

TEST(FormScanner, FinishingTwiceChangesNothing) {
    auto scanner = scan("user=alice");

    scanner.finish();

    EXPECT_EQ(scanner.field("user").state, State::Present);
}

TEST(FormScanner, FindsTheSameHoweverTheBytesArrive) {
    const std::string_view body = "a=b&%75ser=al%20ice+&&do&do=%&password=user=x&c=user";
    const auto whole = scan(body);
    for (std::size_t at = 0; at <= body.size(); ++at) {
        FormScanner scanner({"user", "do"});

        scanner.feed(body.substr(0, at));
        scanner.feed(body.substr(at));
        scanner.finish();

        for (const auto name : {"user", "do"}) {
            EXPECT_EQ(scanner.field(name).state, whole.field(name).state) << at;
            EXPECT_EQ(scanner.field(name).value, whole.field(name).value) << at;
        }
    }
}

TEST(FormScanner, ABodyIsSoundWhenItIsWrittenAsBrowsersDo) {
    EXPECT_TRUE(scan("").is_sound());
    EXPECT_TRUE(scan("user=al+ice%40x&do=login").is_sound());
    EXPECT_FALSE(scan("{\"x\":\"&user=alice&\"}").is_sound());
    EXPECT_FALSE(scan("user=alice\r\n").is_sound());
    EXPECT_FALSE(scan("%u0075ser=bob&user=alice").is_sound());
}

TEST(FormScanner, ABodyIsNotSoundBeforeItIsComplete) {
    FormScanner scanner({"user"});
    scanner.feed("user=alice");
    EXPECT_FALSE(scanner.is_sound());

    scanner.finish();

    EXPECT_TRUE(scanner.is_sound());
}

TEST(FormScanner, ASoundBodyHasNoOtherCharset) {
    EXPECT_TRUE(scan("_charset_=utf-8&user=alice").is_sound());
    EXPECT_TRUE(scan("user=alice&_charset_=UTF-8").is_sound());
    EXPECT_FALSE(scan("user=%82%96%82&_charset_=ibm037").is_sound());
    EXPECT_FALSE(scan("_charset_=utf-8&_charset_=ibm037").is_sound());
    EXPECT_FALSE(scan("_CharSet_=ibm037").is_sound());
    EXPECT_FALSE(scan("_charset_=").is_sound());
}

TEST(FormScanner, ASoundBodyHasNotTooManyPairs) {
    std::string most = "user=alice";
    for (std::size_t i = 1; i < FormScanner::kMaxPairs; ++i) most += i % 2 ? "&a=b" : "&&a";

    EXPECT_TRUE(scan(most).is_sound());
    EXPECT_FALSE(scan(most + "&c").is_sound());
    EXPECT_FALSE(scan(most + ";c").is_sound());
}

TEST(ReadableForm, IsKnownByItsMediaType) {
    EXPECT_TRUE(is_readable_form("application/x-www-form-urlencoded"));
    EXPECT_TRUE(is_readable_form("Application/X-WWW-Form-Urlencoded ; charset=utf-8"));
    EXPECT_FALSE(is_readable_form("application/x-www-form-urlencoded2"));
    EXPECT_FALSE(is_readable_form("application/x-www-form-urlencoded,x"));
    EXPECT_FALSE(is_readable_form("multipart/form-data; boundary=x"));
    EXPECT_FALSE(is_readable_form(""));
}

TEST(ReadableForm, IsInUtf8) {  // `%82%96%82` is bob in another code page.
    EXPECT_TRUE(is_readable_form("application/x-www-form-urlencoded; charset=\"UTF-8\""));
    EXPECT_FALSE(is_readable_form("application/x-www-form-urlencoded; charset=ibm037"));
    EXPECT_FALSE(is_readable_form("application/x-www-form-urlencoded; Charset=iso-8859-1"));
    EXPECT_FALSE(is_readable_form("application/x-www-form-urlencoded; charset=ibm037; x=utf-8"));
    EXPECT_FALSE(
        is_readable_form("application/x-www-form-urlencoded; charset=ibm037; charset=utf-8"));
}

}  // namespace
}  // namespace policy
