#pragma once

// Writes audit lines on a thread of its own, so that a slow disk never slows a request. What waits
// is bounded; what finds no room or cannot be written is counted, and an audit_lost line says so
// as soon as writing works again (LOG-007).

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "policy/base/result.h"

namespace gateway {

class AuditWriter {
public:
    static constexpr std::size_t kMostWaiting = std::size_t{16} * 1024 * 1024;

    // `describe_loss` makes the audit_lost line for a number of lost lines.
    using DescribeLoss = std::function<std::string(std::uint64_t)>;

    // Hears a sentence for the operator when writing begins to fail; on the writer's thread.
    using Complain = std::function<void(std::string_view)>;

    // Appends to `file`, which is created readable by its owner and group only; standard output
    // when there is none. Errors: Internal.
    [[nodiscard]] static policy::Result<std::unique_ptr<AuditWriter>> open(
        const std::optional<std::filesystem::path>& file, DescribeLoss describe_loss,
        Complain complain = {});

    // Takes ownership of `descriptor` unless it is standard output.
    AuditWriter(int descriptor, DescribeLoss describe_loss, Complain complain = {});

    // Writes what was handed over, then ends. When whoever reads a pipe has stopped reading, it
    // gives up after 2 s.
    ~AuditWriter();
    AuditWriter(const AuditWriter&) = delete;
    AuditWriter& operator=(const AuditWriter&) = delete;

    // Whole lines. Callable from any thread; never waits for the disk.
    void hand_over(std::string_view lines);

private:
    void run();
    [[nodiscard]] bool write_all(std::string_view bytes);
    [[nodiscard]] bool wait_for_room();
    [[nodiscard]] bool is_out_of_time();
    void write_batch(const std::string& batch);

    int descriptor_;
    bool is_file_;
    DescribeLoss describe_loss_;
    Complain complain_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::string waiting_;  // Guarded by mutex_, like the next three.
    std::uint64_t lost_ = 0;
    bool stopping_ = false;
    std::chrono::steady_clock::time_point stopped_at_;
    bool failing_ = false;  // Told already.
    bool torn_ = false;     // The last write ended within a line.
    std::thread thread_;
};

}  // namespace gateway
