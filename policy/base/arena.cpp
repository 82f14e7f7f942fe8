#include "policy/base/arena.h"

#include <algorithm>

namespace policy {

std::string_view Arena::join(std::initializer_list<std::string_view> parts) {
    std::size_t size = 0;
    for (const auto part : parts) size += part.size();
    if (size == 0) return {};

    char* const begin = static_cast<char*>(memory_.allocate(size, 1));
    char* end = begin;
    for (const auto part : parts) end = std::copy(part.begin(), part.end(), end);
    return {begin, size};
}

}  // namespace policy
