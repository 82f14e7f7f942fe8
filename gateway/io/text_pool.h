#pragma once

// Output buffers that keep their capacity from one exchange to the next, so that idle connections
// need none and busy ones do not allocate.

#include <string>
#include <utility>
#include <vector>

namespace gateway {

class TextPool {
public:
    // Room for all that is kept: giving back happens in destructors and must not fail.
    TextPool() { free_.reserve(kKept); }

    [[nodiscard]] std::string take() {
        if (free_.empty()) {
            std::string text;
            text.reserve(kSmallest);
            return text;
        }
        auto text = std::move(free_.back());
        free_.pop_back();
        return text;
    }

    // True for a text that was never taken from here.
    [[nodiscard]] static bool is_unused(const std::string& text) {
        return text.capacity() < kSmallest;
    }

    void give_back(std::string text) noexcept {
        if (free_.size() >= kKept || text.capacity() > kLargest) return;
        if (text.capacity() < kSmallest) return;
        text.clear();
        free_.push_back(std::move(text));
    }

private:
    static constexpr std::size_t kKept = 64;
    static constexpr std::size_t kSmallest = std::size_t{4} * 1024;
    static constexpr std::size_t kLargest = std::size_t{64} * 1024;
    std::vector<std::string> free_;
};

// What connections of one worker share.
class SlabPool;
struct Buffers {
    SlabPool& slabs;
    TextPool& texts;
};

}  // namespace gateway
