#pragma once

// What the heads of the answers tell about a login: status, Location, cookies, headers.

#include "policy/learn/find_login.h"

namespace policy::learn {

struct Signal {
    enum class Strength : std::uint8_t {
        Alone,     // Proves something by itself.
        WithMore,  // Only beside another: that an id changed is no login.
    };
    Condition condition;  // One part of it is set.
    std::string why;
    Strength strength = Strength::Alone;
};

// The most robust first. Each holds for the success and for no failure. What was seen and proves
// nothing goes into `remarks`.
[[nodiscard]] std::vector<Signal> head_signals(const LoginPair& pair, std::string_view page,
                                               Remarks& remarks);

}  // namespace policy::learn
