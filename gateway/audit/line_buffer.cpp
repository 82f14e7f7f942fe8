#include "gateway/audit/line_buffer.h"

#include <algorithm>

namespace gateway {

void LineBuffer::grow(std::size_t bytes) {
    const auto capacity = std::max(2 * capacity_, size_ + bytes);
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    std::copy_n(memory_.get(), size_, larger.get());
    memory_ = std::move(larger);
    capacity_ = capacity;
}

}  // namespace gateway
