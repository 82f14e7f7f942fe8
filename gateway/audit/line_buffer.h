#pragma once

// Lines on their way to the writer. Room for a whole field is asked for once, so that its bytes
// can be stored without a look at the capacity for each of them.

#include <cstddef>
#include <memory>
#include <string_view>

namespace gateway {

class LineBuffer {
public:
    // A place for `bytes` more. They count as soon as end_at() says where they end.
    [[nodiscard]] char* room(std::size_t bytes) {
        if (capacity_ - size_ < bytes) grow(bytes);
        return memory_.get() + size_;
    }
    void end_at(const char* end) { size_ = static_cast<std::size_t>(end - memory_.get()); }

    [[nodiscard]] std::string_view text() const { return {memory_.get(), size_}; }
    void clear() { size_ = 0; }

private:
    void grow(std::size_t bytes);

    std::unique_ptr<char[]> memory_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace gateway
