#pragma once

// The fields that a message nominates in Connection (RFC 9110 §7.6.1): they concern one connection
// and never cross the gateway. Bounded, so that looking each field up stays cheap.

#include <cstddef>
#include <string_view>
#include <vector>

#include "policy/http/field.h"

namespace policy {

class Nominations {
public:
    // More than any honest peer needs; a message with more is refused when its framing is read.
    static constexpr std::size_t kMost = 32;

    // Views into `fields`. `close` and `keep-alive` nominate nothing (RFC 9112 §9.3).
    explicit Nominations(const FieldList& fields);

    [[nodiscard]] bool are_too_many() const { return too_many_; }

    // Compared without case. When they are too many, every name is nominated.
    [[nodiscard]] bool contains(std::string_view name) const;

private:
    void add(std::string_view name);

    std::vector<std::string_view> names_;
    bool too_many_ = false;
};

}  // namespace policy
