#include "policy/finding.h"

#include <algorithm>

#include "policy/base/text.h"

namespace policy {

std::string list_names(std::span<const std::string_view> names) {
    constexpr std::size_t kMost = 8;
    constexpr std::size_t kLongest = 64;
    std::string list;
    for (const auto name : names.first(std::min(names.size(), kMost))) {
        if (!list.empty()) list.append(" ");
        list.append(encode_for_header(name.substr(0, kLongest)));
    }
    return list;
}

}  // namespace policy
