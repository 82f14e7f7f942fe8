#include "session/public_suffix.h"

#include <gtest/gtest.h>

namespace {

using session::is_public_suffix;

TEST(PublicSuffix, IsWhereAnybodyCanRegister) {
    for (const auto* domain : {"org", "co.uk", "github.io", "ck", "foo.ck", "xn--p1ai"})
        EXPECT_TRUE(is_public_suffix(domain)) << domain;
}

TEST(PublicSuffix, IsNotWhatSomebodyRegistered) {
    for (const auto* domain : {"example.org", "example.co.uk", "sallyport.github.io", "www.ck",
                               "wiki.example.org", "app.test"})
        EXPECT_FALSE(is_public_suffix(domain)) << domain;
}

TEST(PublicSuffix, IsANameOfOneLabelThatTheListDoesNotKnow) {
    EXPECT_TRUE(is_public_suffix("intranet"));
    EXPECT_TRUE(is_public_suffix("localhost"));
}

}  // namespace
