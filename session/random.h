#pragma once

// Unguessable bytes, injected so that tests can make them fail.

#include <cstdint>
#include <span>

#include "policy/base/result.h"

namespace session {

class Random {
public:
    virtual ~Random() = default;

    // Fills `bytes` completely from a cryptographic generator or fails with RandomUnavailable;
    // then nothing may be made of them (SID-001). Callable from any thread.
    [[nodiscard]] virtual policy::Result<void> fill(std::span<std::uint8_t> bytes) = 0;
};

// OpenSSL's generator, seeded by the kernel.
class SystemRandom final : public Random {
public:
    [[nodiscard]] policy::Result<void> fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace session
