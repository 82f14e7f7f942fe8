#include "gateway/audit/writer.h"

#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <semaphore>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
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

// Describes losses and lets a test wait for the first: a write has failed then.
class Loss {
public:
    AuditWriter::DescribeLoss describe() {
        return [this](std::uint64_t lost) {
            if (!told_) first_.release();
            told_ = true;
            return describe_loss(lost);
        };
    }

    // Hands over `line` until a loss was told; how often, or 0 when none was told in time.
    std::uint64_t provoke(AuditWriter& writer, std::string_view line) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        for (std::uint64_t handed = 1; std::chrono::steady_clock::now() < deadline; ++handed) {
            writer.hand_over(line);
            if (first_.try_acquire_for(std::chrono::milliseconds(1))) return handed;
        }
        return 0;
    }

private:
    bool told_ = false;  // Touched by the writer's thread only.
    std::binary_semaphore first_{0};
};

TEST(AuditWriter, AFullDiskEndsNothing) {
    Loss loss;
    AuditWriter writer(::open("/dev/full", O_WRONLY | O_CLOEXEC), loss.describe());

    EXPECT_GE(loss.provoke(writer, "nowhere to go\n"), 2U) << "it tries again with the next line";
}

// Makes writes to files fail beyond `bytes` as on a full disk, until it is lifted.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &before_), 0);
        const rlimit full{bytes, before_.rlim_max};
        EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
    }
    ~FullDisk() { EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &before_), 0); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit before_{};
};

struct Account {
    std::uint64_t there = 0;  // Lines that arrived.
    std::uint64_t lost = 0;   // Lines of which it is said that they did not.
};

Account account_of(std::string_view text, std::string_view line) {
    constexpr std::string_view kLost = "lost ";
    Account account;
    while (!text.empty()) {
        const auto found = text.substr(0, text.find('\n') + 1);
        if (found == line) ++account.there;
        std::uint64_t lost = 0;
        if (found.starts_with(kLost)) {
            std::from_chars(found.data() + kLost.size(), found.data() + found.size(), lost);
        }
        account.lost += lost;
        text.remove_prefix(found.size());
    }
    return account;
}

TEST(AuditWriter, CountsWhatCouldNotBeWrittenAndSaysSoWhenItCanAgain) {  // LOG-007
    std::FILE* const file = std::tmpfile();
    ASSERT_NE(file, nullptr);
    Loss loss;
    std::uint64_t handed = 0;
    {
        AuditWriter writer(::dup(::fileno(file)), loss.describe());
        {
            const FullDisk full(3);  // Within the first line.
            handed = loss.provoke(writer, "line\n");
        }
        writer.hand_over("after\n");
    }

    std::string text(4096, ' ');
    const auto size = ::pread(::fileno(file), text.data(), text.size(), 0);
    ASSERT_GT(size, 0);
    text.resize(static_cast<std::size_t>(size));
    const auto account = account_of(text, "line\n");
    EXPECT_TRUE(text.ends_with("after\n")) << text;
    EXPECT_GE(account.lost, 1U) << text;
    EXPECT_EQ(account.there + account.lost, handed) << text;
    std::fclose(file);
}

TEST(AuditWriter, AReaderThatHasStoppedReadingDoesNotHoldTheEndUp) {  // LOG-007
    std::array<int, 2> ends;
    ASSERT_EQ(::pipe(ends.data()), 0);
    {
        AuditWriter writer(ends[1], [](std::uint64_t lost) { return describe_loss(lost); });
        writer.hand_over(std::string(std::size_t{1024} * 1024, 'x') + "\n");
    }

    ::close(ends[0]);
}

}  // namespace
}  // namespace gateway
