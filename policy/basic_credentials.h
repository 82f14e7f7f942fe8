#pragma once

// The user of HTTP Basic credentials (RFC 7617). The password is nobody's business here.

#include <string>

#include "policy/http/field.h"

namespace policy {

struct BasicUser {
    enum class State : std::uint8_t {
        Absent,  // No Authorization field, or one of another scheme.
        Present,
        Unreadable,  // Two fields, or not what RFC 7617 describes.
    };
    State state = State::Absent;
    std::string name;  // Only when Present; may be empty.
};

[[nodiscard]] BasicUser basic_user(const FieldList& fields);

}  // namespace policy
