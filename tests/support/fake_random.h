#pragma once

// The same bytes in every run, all different, until a test makes the source fail.

#include <atomic>
#include <cstddef>

#include "session/random.h"

namespace support {

class FakeRandom final : public session::Random {
public:
    [[nodiscard]] policy::Result<void> fill(std::span<std::uint8_t> bytes) override {
        if (fails_) return policy::fail(policy::Reason::RandomUnavailable, "made to fail");
        for (auto& byte : bytes) byte = next();
        drawn_ += bytes.size();
        return policy::ok();
    }

    void fail() { fails_ = true; }
    void recover() { fails_ = false; }
    [[nodiscard]] std::size_t drawn() const { return drawn_; }  // Bytes, of all calls.

private:
    // SplitMix64: every state gives another well mixed number.
    std::uint8_t next() {
        std::uint64_t mixed = state_.fetch_add(0x9E3779B97F4A7C15U);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
        return static_cast<std::uint8_t>(mixed >> 56);
    }

    std::atomic<std::uint64_t> state_{1};
    std::atomic<bool> fails_{false};
    std::atomic<std::size_t> drawn_{0};
};

}  // namespace support
