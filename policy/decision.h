#pragma once

// The verdicts. A Permit is a proof: only decide() can make one, and sending to a backend demands
// it, so a path around the policy does not compile.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "policy/base/reason.h"
#include "policy/http/message.h"
#include "policy/route.h"

namespace policy {

class Permit {
public:
    // Whether the backend may be told who the user is.
    enum class Identity : std::uint8_t { Told, Withheld };

    // What was permitted, and the very bytes that may be sent: the request line is written from
    // these and from nothing else.
    [[nodiscard]] Method method() const { return method_; }
    [[nodiscard]] std::string_view target() const { return target_; }
    [[nodiscard]] const Route& route() const { return *route_; }

    // Withheld when this very request made its session less trusted (BND-004).
    [[nodiscard]] Identity identity() const { return identity_; }

private:
    Permit(Method method, std::string_view target, const Route& route, Identity identity)
        : method_(method), target_(target), route_(&route), identity_(identity) {}
    friend class PermitMint;

    Method method_;
    std::string_view target_;
    const Route* route_;
    Identity identity_;
};

struct SendToLogin {
    Reason reason;
    std::string location;  // Origin-form, from the policy file.
};

struct Deny {
    Reason reason;
};

// The session ends, and the request is refused.
struct Revoke {
    Reason reason;
};

using Decision = std::variant<Permit, SendToLogin, Deny, Revoke>;

}  // namespace policy
