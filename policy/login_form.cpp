#include "policy/login_form.h"

#include <algorithm>
#include <string>
#include <vector>

#include "policy/base/text.h"

namespace policy {

namespace {

using State = FormField::State;
using Names = std::vector<std::string>;

// Everything that a rule reads in request bodies, each once.
class Wanted {
public:
    explicit Wanted(const LoginRule& rule) {
        for (const auto& pattern : rule.when) add(pattern);
        for (const auto& logout : rule.logouts) {
            if (logout.when) add(*logout.when);
        }
        add(rule.user);
        for (const auto& change : rule.changes) {
            add(change.when);
            add(change.user);
        }
        if (rule.confirm && rule.confirm->when) add(*rule.confirm->when);
    }

    Names fields;
    Names pointers;

private:
    static void add(Names& names, const std::string& name) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    void add(const RequestPattern& pattern) {
        for (const auto& wanted : pattern.form) add(fields, wanted.name);
        for (const auto& wanted : pattern.json) add(pointers, wanted.name);
    }
    void add(const std::vector<NameSource>& sources) {
        for (const auto& source : sources) {
            if (const auto* form = std::get_if<FormSource>(&source)) add(fields, form->field);
            if (const auto* json = std::get_if<JsonSource>(&source)) add(pointers, json->pointer);
        }
    }
};

}  // namespace

std::optional<LoginForm> LoginForm::open(const LoginRule& rule, std::string_view content_type,
                                         std::string_view query) {
    Wanted wanted(rule);
    FormScanner in_query(wanted.fields);
    in_query.feed(query);
    in_query.finish();
    if (is_readable_form(content_type))
        return LoginForm(FormScanner(std::move(wanted.fields)), std::move(in_query));
    if (const auto boundary = multipart_boundary(content_type))
        return LoginForm(MultipartScanner(*boundary, std::move(wanted.fields)),
                         std::move(in_query));
    if (is_json(content_type))
        return LoginForm(JsonScanner(std::move(wanted.pointers)), std::move(in_query));
    return std::nullopt;
}

LoginForm::Kind LoginForm::kind() const {
    return std::holds_alternative<JsonScanner>(body_) ? Kind::Json : Kind::Form;
}

void LoginForm::feed(std::string_view bytes) {
    std::visit([bytes](auto& body) { body.feed(bytes); }, body_);
}

void LoginForm::finish() {
    std::visit([](auto& body) { body.finish(); }, body_);
}

bool LoginForm::is_finished() const {
    return std::visit([](const auto& body) { return body.is_finished(); }, body_);
}

bool LoginForm::is_sound() const {
    return std::visit([](const auto& body) { return body.is_sound(); }, body_);
}

FormField LoginForm::field(std::string_view name) const {
    const auto& in_query = query_.field(name);
    FormField in_body;
    if (const auto* form = std::get_if<FormScanner>(&body_)) in_body = form->field(name);
    if (const auto* parts = std::get_if<MultipartScanner>(&body_)) in_body = parts->field(name);
    if (in_query.state == State::Absent) return in_body;
    if (in_body.state == State::Absent && kind() == Kind::Form) return in_query;
    const bool agree = in_body.state == State::Present && in_query.state == State::Present &&
                       in_body.value == in_query.value;
    return agree ? in_body : FormField{State::Repeated, {}};
}

FormField LoginForm::json(std::string_view pointer) const {
    const auto* json = std::get_if<JsonScanner>(&body_);
    return json ? FormField(json->field(pointer)) : FormField{};
}

}  // namespace policy
