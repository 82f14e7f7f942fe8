#include "config/decode.h"
#include "config/rows.h"

namespace config {

namespace {

using policy::LoginRule;
using policy::Method;

constexpr Choices<LoginRule::PreLoginCookies, 2> kPreLoginCookies{
    {{"send", LoginRule::PreLoginCookies::Send},
     {"withhold", LoginRule::PreLoginCookies::Withhold}}};

// Where strangers are sent: a path of the same host, perhaps with a query. `//` would name
// another host.
void decode_page(const Value& value, LoginDraft& login) {
    login.page.place = value.place();
    auto text = value.text();
    if (!text) return;
    const auto target = policy::parse_target(*text);
    if (!text->starts_with('/') || !target || target->is_ambiguous()) {
        value.complain("must be a canonical path on the same host, as in `/login`");
        return;
    }
    login.page.path = target->path;
    login.rule.page = std::move(*text);
}

void decode_when(const Value& value, LoginDraft& login) {
    auto& when = login.rule.when;
    decode_request_pattern(value, when, login.when);
    if (!when.method) when.method = Method::Post;
    const bool carries_form = *when.method == Method::Post ||
                              *when.method == Method::Put || *when.method == Method::Patch;
    if (carries_form) return;
    value.report().add(value.place_of("method"),
                       "must be POST, PUT or PATCH: the user name comes in a form");
}

void decode_user(const Value& value, LoginRule& rule) {
    value.read_keys({{"form", text_into(rule.user_field), Need::Required}});
}

void decode_failure(const Value& value, LoginRule& rule) {
    if (value.is_word("otherwise")) return;
    if (!value.is_map()) {
        value.complain("must be `otherwise` or a mapping like that of success");
        return;
    }
    decode_response_pattern(value, rule.failure.emplace());
}

void decode_logout(const Value& value, LoginDraft& login) {
    auto& logout = login.rule.logout.emplace();
    decode_request_pattern(value, logout, login.logout);
    if (const auto form = value.find("form")) form->complain("is not supported for logout yet");
}

void decode_login(const Value& value, Draft& draft) {
    LoginDraft login;
    login.place = value.place();
    auto& rule = login.rule;
    rule.name = policy::LoginName(std::string(value.key()));
    rule.rule = rule_name(value.report(), value.place());
    check_name(value);
    value.read_keys({
        {"page", [&](const Value& part) { decode_page(part, login); }},
        {"when", [&](const Value& part) { decode_when(part, login); }, Need::Required},
        {"user", [&](const Value& part) { decode_user(part, rule); }, Need::Required},
        {"success", [&](const Value& part) { decode_response_pattern(part, rule.success); },
         Need::Required},
        {"failure", [&](const Value& part) { decode_failure(part, rule); }},
        {"logout", [&](const Value& part) { decode_logout(part, login); }},
        {"pre_login_cookies", choice_into(rule.pre_login_cookies, kPreLoginCookies)},
    });
    draft.logins.push_back(std::move(login));
}

}  // namespace

void decode_logins(const Value& value, Draft& draft) {
    value.each_entry([&draft](const Value& entry) { decode_login(entry, draft); });
}

}  // namespace config
