#include "gateway/audit/writer.h"

#include <array>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace gateway {
namespace {

std::string describe_loss(std::uint64_t lost) {
    return "lost " + std::to_string(lost) + "\n";
}

std::string read_all(int descriptor) {
    std::string text;
    std::array<char, 256> part;
    for (;;) {
        const auto got = ::read(descriptor, part.data(), part.size());
        if (got <= 0) return text;
        text.append(part.data(), static_cast<std::size_t>(got));
    }
}

TEST(AuditWriter, WritesWhatWasHandedOverBeforeItEnds) {
    std::array<int, 2> ends;
    ASSERT_EQ(::pipe(ends.data()), 0);
    {
        AuditWriter writer(ends[1], describe_loss);
        writer.hand_over("one\n");
        writer.hand_over("two\n");
    }

    EXPECT_EQ(read_all(ends[0]), "one\ntwo\n");
    ::close(ends[0]);
}

TEST(AuditWriter, CountsWhatFindsNoRoomAndSaysSo) {  // LOG-007
    std::array<int, 2> ends;
    ASSERT_EQ(::pipe(ends.data()), 0);
    {
        AuditWriter writer(ends[1], describe_loss);
        writer.hand_over(std::string(AuditWriter::kMostWaiting, 'x') + "\n");
        writer.hand_over("kept\n");
    }

    EXPECT_EQ(read_all(ends[0]), "lost 1\nkept\n");
    ::close(ends[0]);
}

TEST(AuditWriter, SaysWhenItsFileCannotBeOpened) {
    const auto writer = AuditWriter::open("/no/such/folder/audit.jsonl", describe_loss);

    ASSERT_FALSE(writer);
    EXPECT_NE(writer.error().context.find("/no/such/folder/audit.jsonl"), std::string::npos);
}

TEST(AuditWriter, AFullDiskEndsNothing) {
    AuditWriter writer(::open("/dev/full", O_WRONLY), describe_loss);

    writer.hand_over("nowhere to go\n");

    SUCCEED() << "the destructor joins a thread that is still alive";
}

}  // namespace
}  // namespace gateway
