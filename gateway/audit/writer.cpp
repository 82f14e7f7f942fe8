#include "gateway/audit/writer.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway {
namespace {

std::uint64_t count_lines(std::string_view lines) {
    return static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
}

bool is_regular_file(int descriptor) {
    struct stat about {};
    return ::fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);
}

}  // namespace

policy::Result<std::unique_ptr<AuditWriter>> AuditWriter::open(
    const std::optional<std::filesystem::path>& file, DescribeLoss describe_loss,
    Complain complain) {
    int descriptor = STDOUT_FILENO;
    if (file) descriptor = ::open(file->c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0) {
        const auto why = std::generic_category().message(errno);
        return policy::fail(policy::Reason::Internal,
                            "the audit file " + file->string() + " cannot be opened: " + why);
    }
    return std::make_unique<AuditWriter>(descriptor, std::move(describe_loss), std::move(complain));
}

AuditWriter::AuditWriter(int descriptor, DescribeLoss describe_loss, Complain complain)
    : descriptor_(descriptor),
      is_file_(is_regular_file(descriptor)),
      describe_loss_(std::move(describe_loss)),
      complain_(std::move(complain)),
      thread_([this] { run(); }) {}

AuditWriter::~AuditWriter() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        stopped_at_ = std::chrono::steady_clock::now();
    }
    wake_.notify_one();
    thread_.join();
    if (descriptor_ != STDOUT_FILENO) ::close(descriptor_);
}

void AuditWriter::hand_over(std::string_view lines) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() + lines.size() > kMostWaiting) {
            lost_ += count_lines(lines);
            return;
        }
        waiting_.append(lines);
    }
    wake_.notify_one();
}

void AuditWriter::run() {
    std::string batch;
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        batch.clear();
        batch.swap(waiting_);
        lock.unlock();
        write_batch(batch);
        lock.lock();
    }
}

void AuditWriter::write_batch(const std::string& batch) {
    std::uint64_t lost = 0;
    {
        const std::lock_guard lock(mutex_);
        lost = std::exchange(lost_, 0);
    }
    std::string text = torn_ ? "\n" : "";
    if (lost > 0) text += describe_loss_(lost);
    text += batch;
    const bool written = write_all(text);
    if (!written && !std::exchange(failing_, true) && complain_)
        complain_("audit lines are being lost: " + std::generic_category().message(errno));
    if (written) {
        failing_ = false;
        return;
    }
    const std::lock_guard lock(mutex_);
    lost_ += lost + count_lines(batch);
}

bool AuditWriter::write_all(std::string_view bytes) {
    while (!bytes.empty()) {
        if (!wait_for_room()) return false;
        // As much as is written without waiting, now that there is room at all.
        const auto piece = is_file_ ? bytes : bytes.substr(0, PIPE_BUF);
        const auto written = ::write(descriptor_, piece.data(), piece.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        torn_ = bytes[static_cast<std::size_t>(written) - 1] != '\n';
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// A reader that has stopped reading must not keep the process from ending: then false.
bool AuditWriter::wait_for_room() {
    if (is_file_) return true;
    constexpr int kLookAgain = 100;  // Milliseconds.
    for (;;) {
        pollfd waiting{descriptor_, POLLOUT, 0};
        const int ready = ::poll(&waiting, 1, kLookAgain);
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
        if (is_out_of_time()) {
            errno = ETIMEDOUT;
            return false;
        }
    }
}

bool AuditWriter::is_out_of_time() {
    constexpr auto kLastWait = std::chrono::seconds(2);
    const std::lock_guard lock(mutex_);
    return stopping_ && std::chrono::steady_clock::now() - stopped_at_ > kLastWait;
}

}  // namespace gateway
