#include "gateway/learn/crossing.h"

#include <gtest/gtest.h>

namespace gateway::learn {
namespace {

using Fields = boost::beast::http::fields;

const Origins kOrigins{"127.0.0.1:9000", "wiki.example.org"};

TEST(LearnCrossing, TheBackendsOwnOriginBecomesAPath) {
    EXPECT_EQ(local_url("http://127.0.0.1:9000/a?b#c", kOrigins), "/a?b#c");
    EXPECT_EQ(local_url("http://127.0.0.1:9000", kOrigins), "/");
    EXPECT_EQ(local_url("http://127.0.0.1:9000?b", kOrigins), "/?b");
    EXPECT_EQ(local_url("https://Wiki.Example.org/a", kOrigins), "/a");
    EXPECT_EQ(local_url("//wiki.example.org:8443/a", kOrigins), "/a");
}

TEST(LearnCrossing, OtherUrlsStay) {
    for (const auto* url :
         {"/a", "a?b", "http://127.0.0.1:9001/", "https://sso.example.org/",
          "http://127.0.0.1:9000.evil.example/", "https://wiki.example.org.evil/"})
        EXPECT_EQ(local_url(url, kOrigins), url);
    EXPECT_EQ(local_url("http://x/", {"127.0.0.1:9000", ""}), "http://x/");
}

TEST(LearnCrossing, CookiesLoseDomainAndSecure) {
    EXPECT_EQ(local_cookie("a=1; Path=/; Domain=x.org; SECURE; HttpOnly"), "a=1; Path=/; HttpOnly");
    EXPECT_EQ(local_cookie("secure=domain"), "secure=domain");
    EXPECT_EQ(local_cookie("__Host-a=1; Path=/; Secure"), "__Host-a=1; Path=/; Secure");
    EXPECT_EQ(local_cookie("__secure-a=1; Secure; Domain=x"), "__secure-a=1; Secure");
    EXPECT_EQ(local_cookie(""), "");
}

TEST(LearnCrossing, ARequestAsksForReadableBodies) {
    Fields head;
    head.set("Host", "wiki:8080");
    head.set("Accept-Encoding", "gzip, br");
    head.set("If-Modified-Since", "yesterday");
    head.set("Range", "bytes=0-1");
    head.set("Expect", "100-continue");
    head.set("Connection", "close, X-Hop");
    head.set("X-Hop", "1");
    head.set("TE", "trailers");

    prepare_request(head);

    EXPECT_EQ(head["Accept-Encoding"], "identity");
    EXPECT_EQ(head["Host"], "wiki:8080");
    for (const auto* name : {"If-Modified-Since", "Range", "Expect", "Connection", "X-Hop", "TE"})
        EXPECT_EQ(head.count(name), 0) << name;
}

TEST(LearnCrossing, ConnectionCannotTakeTheFramingAway) {
    Fields head;
    head.set("Connection", "transfer-encoding, content-length");
    head.set("Transfer-Encoding", "chunked");
    head.set("Content-Length", "5");

    prepare_request(head);

    EXPECT_EQ(head.count("Transfer-Encoding") + head.count("Content-Length"), 2);
}

TEST(LearnCrossing, AnAnswerIsMadeFitForTheBrowser) {
    Fields head;
    head.set("Location", "http://127.0.0.1:9000/a");
    head.set("Content-Location", "https://wiki.example.org/b");
    head.insert("Set-Cookie", "a=1; Secure");
    head.insert("Set-Cookie", "b=2; Domain=x");
    head.set("Keep-Alive", "timeout=5");

    prepare_response(head, kOrigins);

    EXPECT_EQ(head["Location"], "/a");
    EXPECT_EQ(head["Content-Location"], "/b");
    EXPECT_EQ(head.count("Set-Cookie"), 2);
    EXPECT_EQ(head["Set-Cookie"], "a=1");
    EXPECT_EQ(head.count("Keep-Alive"), 0);
}

}  // namespace
}  // namespace gateway::learn
