#pragma once

// Numbers, texts and times as bytes, one behind the other. A reader that runs out of bytes, or is
// told of more than there are, fails and stays failed: look at ok() at the end.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "policy/base/time.h"

namespace session {

class ByteWriter {
public:
    void number(std::uint64_t value);  // Seven bits a byte, lowest first.
    void text(std::string_view value);
    void time(policy::Instant value);
    void raw(std::string_view bytes) { bytes_.append(bytes); }
    template <std::size_t size>
    void raw(const std::array<std::uint8_t, size>& bytes) {
        bytes_.append(bytes.begin(), bytes.end());
    }

    [[nodiscard]] std::string take() { return std::move(bytes_); }

private:
    std::string bytes_;
};

class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    [[nodiscard]] std::uint64_t number();
    // At most `most`; more fails.
    [[nodiscard]] std::uint64_t count(std::uint64_t most);
    [[nodiscard]] bool flag() { return count(1) == 1; }
    [[nodiscard]] std::string text();
    [[nodiscard]] policy::Instant time();
    template <std::size_t size>
    void raw(std::array<std::uint8_t, size>& into) {
        const auto bytes = take(size);
        if (ok_) std::copy(bytes.begin(), bytes.end(), into.begin());
    }

    // Everything was there.
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    // What was not read yet.
    [[nodiscard]] std::string_view rest() const { return rest_; }

private:
    [[nodiscard]] std::string_view take(std::size_t size);

    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace session
