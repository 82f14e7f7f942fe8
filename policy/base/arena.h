#pragma once

// Arena keeps the few strings that one exchange makes (header values, mostly) until the exchange
// is over, so that everything else can stay a view. The first kilobytes cost no allocation.

#include <array>
#include <cstddef>
#include <initializer_list>
#include <memory_resource>
#include <string_view>

namespace policy {

class Arena {
public:
    Arena() = default;
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    // The concatenation of `parts`, valid as long as the arena.
    [[nodiscard]] std::string_view join(std::initializer_list<std::string_view> parts);

    [[nodiscard]] std::string_view keep(std::string_view text) { return join({text}); }

private:
    std::array<std::byte, 2048> first_;
    std::pmr::monotonic_buffer_resource memory_{first_.data(), first_.size()};
};

}  // namespace policy
