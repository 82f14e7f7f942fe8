#pragma once

// A Permit for tests of what sends requests: decide() makes it, as for everybody.

#include <string>
#include <variant>

#include "policy/decide.h"
#include "tests/support/policy_parts.h"

namespace support {

class Permission {
public:
    explicit Permission(policy::Method method = policy::Method::Get,
                        std::string_view target = "/page")
        : head_(head(method, target)), facts_(facts(head_)) {}
    Permission(const Permission&) = delete;
    Permission& operator=(const Permission&) = delete;

    [[nodiscard]] policy::Permit permit() const {
        return std::get<policy::Permit>(policy::decide(facts_, {}, route_, {}, kNow));
    }

private:
    policy::Route route_ = public_route();
    policy::RequestHead head_;
    policy::RequestFacts facts_;
};

}  // namespace support
