#include "policy/http/message.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

constexpr Method kAll[] = {Method::Get,   Method::Head,   Method::Post,   Method::Put,
                           Method::Patch, Method::Delete, Method::Options};

TEST(Method, EveryMethodComesBackFromItsName) {
    for (const auto method : kAll) EXPECT_EQ(parse_method(name(method)), method);
}

// HTP-014
TEST(Method, OthersAreUnknown) {
    for (const auto token : {"", "get", "GETS", "CONNECT", "TRACE", "PROPFIND", "GET "}) {
        EXPECT_EQ(parse_method(token), std::nullopt) << token;
    }
}

// RFC 9110 §9.2.2
TEST(Method, OnlyPostAndPatchMustNotBeSentTwice) {
    for (const auto method : kAll) {
        EXPECT_EQ(is_idempotent(method), method != Method::Post && method != Method::Patch);
    }
}

TEST(ReasonPhrase, IsKnownForTheStatusesWeWrite) {
    EXPECT_EQ(reason_phrase(100), "Continue");
    EXPECT_EQ(reason_phrase(303), "See Other");
    EXPECT_EQ(reason_phrase(431), "Request Header Fields Too Large");
    EXPECT_EQ(reason_phrase(508), "Loop Detected");
    EXPECT_EQ(reason_phrase(299), "");
    EXPECT_EQ(reason_phrase(999), "");
}

}  // namespace
}  // namespace policy
