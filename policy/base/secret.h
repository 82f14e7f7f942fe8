#pragma once

// Secret holds bytes that must never be printed, compared early-out, or left in freed memory.

#include <cstddef>
#include <string>
#include <string_view>

namespace policy {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value);
    ~Secret();

    // A defaulted move would leave a short secret behind in the moved-from object.
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;

    // The only way out. Greppable on purpose.
    [[nodiscard]] std::string_view reveal() const { return value_; }

private:
    std::string value_;
};

// Compares without telling by its duration where the first difference stands (SID-005).
[[nodiscard]] bool equal_in_constant_time(std::string_view left, std::string_view right);

// Overwrites `size` bytes in a way that the optimiser does not remove.
void wipe(void* bytes, std::size_t size);

}  // namespace policy
