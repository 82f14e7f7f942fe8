#pragma once

// Boxed is an optional whose value lies on the heap: what is rarely there costs a pointer. Copies
// are deep; two are equal when both are empty or their values are.

#include <memory>
#include <utility>

namespace session {

template <class T>
class Boxed {
public:
    Boxed() = default;
    Boxed(T value) : value_(std::make_unique<T>(std::move(value))) {}  // NOLINT: as in optional.
    Boxed(const Boxed& other) : value_(other.value_ ? std::make_unique<T>(*other) : nullptr) {}
    Boxed(Boxed&&) noexcept = default;
    Boxed& operator=(Boxed other) noexcept {
        value_ = std::move(other.value_);
        return *this;
    }
    ~Boxed() = default;

    [[nodiscard]] explicit operator bool() const { return value_ != nullptr; }
    [[nodiscard]] T& operator*() { return *value_; }
    [[nodiscard]] const T& operator*() const { return *value_; }
    [[nodiscard]] T* operator->() { return value_.get(); }
    [[nodiscard]] const T* operator->() const { return value_.get(); }
    void reset() { value_.reset(); }

    friend bool operator==(const Boxed& left, const Boxed& right) {
        if (!left || !right) return !left && !right;
        return *left == *right;
    }

private:
    std::unique_ptr<T> value_;
};

}  // namespace session
