#pragma once

// Names for requests: unique, in order, not secret. A random prefix for each worker and a counter
// cost less than asking the generator for every request.

#include <array>
#include <cstdint>
#include <string>

#include "policy/base/text.h"
#include "session/random.h"

namespace gateway {

class RequestIds {
public:
    // Errors: RandomUnavailable.
    [[nodiscard]] static policy::Result<RequestIds> begin(session::Random& random) {
        std::array<std::uint8_t, 8> bytes;
        const auto filled = random.fill(bytes);
        if (!filled) return tl::unexpected(filled.error());
        return RequestIds(policy::to_hex(bytes));
    }

    // 16 hexadecimal characters of this worker, `-`, a number.
    [[nodiscard]] std::string next() { return prefix_ + std::to_string(++counter_); }

private:
    explicit RequestIds(std::string prefix) : prefix_(std::move(prefix) + "-") {}
    std::string prefix_;
    std::uint64_t counter_ = 0;
};

}  // namespace gateway
