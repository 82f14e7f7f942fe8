#pragma once

// Secret holds bytes that must never be printed, compared early-out, or left in freed memory;
// SecretValue does so for what has a fixed size and needs no heap.

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace policy {

// Overwrites `size` bytes in a way that the optimiser does not remove.
void wipe(void* bytes, std::size_t size);

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

template <class T>
class SecretValue {
    static_assert(std::is_trivially_copyable_v<T>, "all of it must lie within itself");

public:
    SecretValue() = default;  // All zeros, for the caller to fill.
    explicit SecretValue(const T& value) : value_(value) {}
    ~SecretValue() { wipe(&value_, sizeof value_); }

    SecretValue(SecretValue&& other) noexcept : value_(other.value_) {
        wipe(&other.value_, sizeof other.value_);
    }
    SecretValue& operator=(SecretValue&& other) noexcept {
        if (this == &other) return *this;
        value_ = other.value_;
        wipe(&other.value_, sizeof other.value_);
        return *this;
    }
    SecretValue(const SecretValue&) = delete;
    SecretValue& operator=(const SecretValue&) = delete;

    [[nodiscard]] const T& reveal() const { return value_; }
    [[nodiscard]] T& reveal() { return value_; }

private:
    T value_{};
};

// Compares without telling by its duration where the first difference stands (SID-005).
[[nodiscard]] bool equal_in_constant_time(std::string_view left, std::string_view right);

}  // namespace policy
