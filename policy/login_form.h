#pragma once

// The fields of a login request wherever they stand: in the form that streams by, and in the query,
// because many backends look into both and do not agree on which one comes first.

#include <string_view>

#include "policy/http/form_scanner.h"
#include "policy/login_rule.h"

namespace policy {

class LoginForm {
public:
    // Looks for the fields that `rule` names. `query` is the raw query of the request.
    LoginForm(const LoginRule& rule, std::string_view query);

    // The body, in pieces; it is complete with finish().
    void feed(std::string_view bytes) { body_.feed(bytes); }
    void finish() { body_.finish(); }
    [[nodiscard]] bool is_finished() const { return body_.is_finished(); }

    // Repeated also when query and body say different things. `name` is one of the rule's.
    [[nodiscard]] FormField field(std::string_view name) const;

private:
    FormScanner body_;
    FormScanner query_;
};

}  // namespace policy
