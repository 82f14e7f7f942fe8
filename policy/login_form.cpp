#include "policy/login_form.h"

#include <algorithm>
#include <string>
#include <vector>

namespace policy {

namespace {

using State = FormField::State;

std::vector<std::string> wanted_fields(const LoginRule& rule) {
    std::vector<std::string> names{rule.user_field};
    for (const auto& wanted : rule.when.form) {
        if (std::find(names.begin(), names.end(), wanted.name) == names.end())
            names.push_back(wanted.name);
    }
    return names;
}

}  // namespace

LoginForm::LoginForm(const LoginRule& rule, std::string_view query)
    : body_(wanted_fields(rule)), query_(wanted_fields(rule)) {
    query_.feed(query);
    query_.finish();
}

FormField LoginForm::field(std::string_view name) const {
    const auto& in_body = body_.field(name);
    const auto& in_query = query_.field(name);
    if (in_query.state == State::Absent) return in_body;
    if (in_body.state == State::Absent) return in_query;
    const bool agree = in_body.state == State::Present && in_query.state == State::Present &&
                       in_body.value == in_query.value;
    return agree ? in_body : FormField{State::Repeated, {}};
}

}  // namespace policy
