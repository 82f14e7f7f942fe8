#pragma once

// Slabs: the buffers of connections that are busy. An idle connection has none; the one freed last
// is taken first, because it is still in the processor's cache.

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace gateway {

struct Slab {
    static constexpr std::size_t kBytes = std::size_t{32} * 1024;
    std::array<char, kBytes> bytes;
};

class SlabPool {
public:
    // Room for all that is kept: giving back happens in destructors and must not fail.
    SlabPool() { free_.reserve(kKept); }

    [[nodiscard]] std::unique_ptr<Slab> take() {
        if (free_.empty()) return std::unique_ptr<Slab>(new Slab);  // Not zeroed, on purpose.
        auto slab = std::move(free_.back());
        free_.pop_back();
        return slab;
    }

    void give_back(std::unique_ptr<Slab> slab) noexcept {
        if (slab && free_.size() < kKept) free_.push_back(std::move(slab));
    }

private:
    static constexpr std::size_t kKept = 64;  // What a burst needed beyond that is freed.
    std::vector<std::unique_ptr<Slab>> free_;
};

}  // namespace gateway
