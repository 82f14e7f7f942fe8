#include "policy/base/secret.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
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

// The first bytes of `text`, at most eight, as a number.
std::uint64_t word_of(std::string_view text) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), std::min(text.size(), sizeof word));
    return word;
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
    volatile std::uint64_t difference = 0;
    for (std::size_t i = 0; i < left.size(); i += sizeof difference) {
        difference = difference | (word_of(left.substr(i)) ^ word_of(right.substr(i)));
    }
    return difference == 0;
}

void wipe(void* bytes, std::size_t size) {
    explicit_bzero(bytes, size);
}

}  // namespace policy
