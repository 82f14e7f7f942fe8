#pragma once

// What a login rule asks of a request's body, wherever it stands: in an urlencoded or multipart
// form or in JSON that streams by, and, for fields, in the query too, because many backends look
// into both and do not agree on which one comes first.

#include <optional>
#include <string_view>
#include <variant>

#include "policy/http/form_scanner.h"
#include "policy/http/json_scanner.h"
#include "policy/http/multipart_scanner.h"
#include "policy/login_rule.h"

namespace policy {

class LoginForm {
public:
    enum class Kind : std::uint8_t { Form, Json };

    // Looks for the fields and pointers that `rule` names. `query` is the raw query of the
    // request. Nothing when a body of that Content-Type cannot be read.
    [[nodiscard]] static std::optional<LoginForm> open(const LoginRule& rule,
                                                       std::string_view content_type,
                                                       std::string_view query);

    [[nodiscard]] Kind kind() const;

    // The body, in pieces; it is complete with finish().
    void feed(std::string_view bytes);
    void finish();
    [[nodiscard]] bool is_finished() const;

    // False when the body is not what the Content-Type says, or not as browsers write it.
    [[nodiscard]] bool is_sound() const;

    // Repeated also when query and body say different things; in JSON, beside which a backend may
    // look into the query or not, Absent or Repeated. `name` is one of the rule's.
    [[nodiscard]] FormField field(std::string_view name) const;

    // Absent when the body is a form.
    [[nodiscard]] FormField json(std::string_view pointer) const;

private:
    using Body = std::variant<FormScanner, MultipartScanner, JsonScanner>;
    LoginForm(Body body, FormScanner query) : body_(std::move(body)), query_(std::move(query)) {}

    Body body_;
    FormScanner query_;
};

}  // namespace policy
