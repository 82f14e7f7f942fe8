#pragma once

// Names for requests: unique, in order, not secret. A random prefix for each worker and a counter
// cost less than asking the generator for every request.

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>

#include "policy/base/text.h"
#include "session/random.h"

namespace gateway {

class RequestIds {
public:
    // Errors: RandomUnavailable.
    [[nodiscard]] static policy::Result<RequestIds> begin(session::Random& random) {
        std::array<std::uint8_t, kRandomBytes> bytes;
        const auto filled = random.fill(bytes);
        if (!filled) return tl::unexpected(filled.error());
        return RequestIds(policy::to_hex(bytes));
    }

    // 16 hexadecimal characters of this worker, `-`, a number.
    [[nodiscard]] std::string next() {
        char* const begin = text_.data();
        return {begin, std::to_chars(begin + kPrefix, begin + text_.size(), ++counter_).ptr};
    }

private:
    static constexpr std::size_t kRandomBytes = 8;
    static constexpr std::size_t kPrefix = 2 * kRandomBytes + 1;
    static constexpr std::size_t kMostDigits = 20;

    explicit RequestIds(const std::string& hex) {
        *std::copy(hex.begin(), hex.end(), text_.begin()) = '-';
    }

    std::array<char, kPrefix + kMostDigits> text_{};  // The prefix stays.
    std::uint64_t counter_ = 0;
};

}  // namespace gateway
