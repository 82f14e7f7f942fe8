#pragma once

// The query component as name=value pairs, for rules that match on it.

#include <string>
#include <string_view>

namespace policy {

// The decoded value of the only parameter called `name`. Nothing when it is absent, repeated
// (backends differ on which one counts) or malformed.
struct QueryValue {
    enum class State { Absent, Present, Repeated, Malformed };
    State state = State::Absent;
    std::string value;
};
[[nodiscard]] QueryValue query_value(std::string_view query, std::string_view name);

}  // namespace policy
