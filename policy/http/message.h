#pragma once

// The heads of HTTP messages as values (RFC 9110, RFC 9112). All text is a view into the buffer
// that the head was read from.

#include <cstdint>
#include <optional>
#include <string_view>

#include "policy/http/field.h"

namespace policy {

// The methods that Sallyport forwards. CONNECT and TRACE are refused, others unknown (HTP-014).
enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Options };

[[nodiscard]] std::string_view name(Method method);
[[nodiscard]] std::optional<Method> parse_method(std::string_view token);  // Case-sensitive.

// RFC 9110 §9.2.2: whether sending the request twice means the same as once.
[[nodiscard]] bool is_idempotent(Method method);

// RFC 9110 §9.2.1: asks for nothing to be changed.
[[nodiscard]] bool is_safe(Method method);

enum class Version : std::uint8_t { Http10, Http11 };

struct RequestHead {
    Method method = Method::Get;
    Version version = Version::Http11;
    std::string_view target;  // As received.
    FieldList fields;
};

struct ResponseHead {
    int status = 0;
    Version version = Version::Http11;
    FieldList fields;
};

[[nodiscard]] std::string_view reason_phrase(int status);

}  // namespace policy
