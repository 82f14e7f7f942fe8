#include "policy/http/origin.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

TEST(Origins, AreSchemeHostAndPort) {
    const auto origin = parse_origin("HTTP://ERP.internal:8080");

    ASSERT_TRUE(origin);
    EXPECT_EQ(origin->scheme, Scheme::Http);
    EXPECT_EQ(origin->host.text(), "erp.internal");
    EXPECT_EQ(origin->port, 8080);
}

TEST(Origins, WithoutAPortHaveThatOfTheScheme) {
    EXPECT_EQ(parse_origin("http://a.test"), parse_origin("http://a.test:80"));
    EXPECT_EQ(parse_origin("https://[::1]"), parse_origin("https://[::1]:443"));
    EXPECT_NE(parse_origin("https://a.test"), parse_origin("http://a.test:443"));
}

TEST(Origins, HaveNothingBehindThem) {
    for (const auto* text : {"", "a.test", "//a.test", "ftp://a.test", "http:/a.test", "http://",
                             "http://a.test/", "http://a.test?x", "http://u@a.test", "http://a:0",
                             "http://a.test:80x", " http://a.test"})
        EXPECT_FALSE(parse_origin(text)) << text;
}

}  // namespace
}  // namespace policy
