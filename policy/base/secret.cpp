#include "policy/base/secret.h"

#include <cstdint>
#include <utility>

#include <string.h>  // explicit_bzero is not in <cstring>

namespace policy {

namespace {

// Wipes the whole buffer: a string that was moved from or shortened still holds old bytes behind
// its end. Growing to the capacity never allocates.
void wipe_buffer(std::string& text) {
    text.clear();
    text.resize(text.capacity());
    wipe(text.data(), text.size());
    text.clear();
}

}  // namespace

Secret::Secret(std::string value) : value_(std::move(value)) {
    wipe_buffer(value);
}

Secret::~Secret() {
    wipe_buffer(value_);
}

Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) {
    wipe_buffer(other.value_);
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    wipe_buffer(value_);
    value_ = std::move(other.value_);
    wipe_buffer(other.value_);
    return *this;
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
    if (left.size() != right.size()) return false;  // A length is not secret.
    // Volatile, so that no compiler turns the loop into a comparison that stops early.
    volatile std::uint8_t difference = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        difference = static_cast<std::uint8_t>(difference | (static_cast<std::uint8_t>(left[i]) ^
                                                             static_cast<std::uint8_t>(right[i])));
    }
    return difference == 0;
}

void wipe(void* bytes, std::size_t size) {
    explicit_bzero(bytes, size);
}

}  // namespace policy
