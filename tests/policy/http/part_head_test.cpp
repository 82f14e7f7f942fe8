#include "policy/http/part_head.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

using Kind = PartHead::Kind;

TEST(PartHead, HasAName) {
    const auto part = read_part_head("Content-Disposition: form-data; name=\"user name\"");

    ASSERT_TRUE(part);
    EXPECT_EQ(part->kind, Kind::Text);
    EXPECT_EQ(part->name, "user name");
}

TEST(PartHead, OfAFileHasAFileNameAndPerhapsAType) {
    const auto part = read_part_head(
        "Content-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n"
        "Content-Type: text/html; charset=utf-16");

    ASSERT_TRUE(part);
    EXPECT_EQ(part->kind, Kind::File);
    EXPECT_EQ(part->name, "f");
}

TEST(PartHead, DecodesNothing) {
    EXPECT_EQ(read_part_head("Content-Disposition: form-data; name=\"a%22b\"")->name, "a%22b");
}

TEST(PartHead, WithALineTooManyIsNone) {
    for (const auto* head : {"", "\r\nContent-Disposition: form-data; name=\"x\"",
                             "Content-Disposition: form-data; name=\"x\"\r\n",
                             "Content-Disposition: form-data; name=\"x\"\r\nContent-Disposition: "
                             "form-data; name=\"x\"",
                             "Content-Disposition: form-data; name=\"x\"\r\nX: y"})
        EXPECT_FALSE(read_part_head(head)) << head;
}

}  // namespace
}  // namespace policy
