#include <algorithm>

#include "config/decode.h"
#include "config/rows.h"

namespace config {

namespace {

using policy::LoginRule;
using policy::LostRule;
using policy::Method;
using policy::NameSource;

constexpr Choices<LoginRule::PreLoginCookies, 3> kPreLoginCookies{
    {{"send", LoginRule::PreLoginCookies::Send},
     {"withhold", LoginRule::PreLoginCookies::Withhold},
     {"keep", LoginRule::PreLoginCookies::Keep}}};
constexpr Choices<LostRule::Reaction, 2> kLostReactions{
    {{"demote", LostRule::Reaction::Demote}, {"end", LostRule::Reaction::End}}};
constexpr Choices<Method, 2> kLogoutMethods{{{"GET", Method::Get}, {"POST", Method::Post}}};
constexpr Choices<bool, 2> kCases{{{"fold", true}, {"keep", false}}};
constexpr Choices<bool, 2> kEnds{{{"trim", true}, {"keep", false}}};
constexpr Range<policy::Duration> kWithin{std::chrono::seconds(1), std::chrono::hours(1)};
constexpr Range<std::size_t> kBodyLimit{1, std::size_t{1024} * 1024};

// Where strangers are sent. `//` would name another host.
void decode_page(const Value& value, LoginDraft& login) {
    login.page.place = value.place();
    auto text = decode_target(value);
    if (!text) return;
    login.page.path = policy::parse_target(*text)->path;
    login.rule.page = std::move(*text);
}

void decode_door(const Value& value, LoginDraft& login) {
    auto& when = login.rule.when.emplace_back();
    decode_request_pattern(value, when, login.when.emplace_back());
    if (when.methods.empty() && !when.basic) when.methods = {Method::Post};
    // OPTIONS is answered before anybody looks at credentials.
    if (when.methods.empty())
        when.methods = {Method::Get, Method::Head,  Method::Post,
                        Method::Put, Method::Patch, Method::Delete};
    if (when.reads_body()) check_body_methods(value, when);
}

void decode_failure(const Value& value, std::optional<policy::ResponsePattern>& failure) {
    if (value.is_word("otherwise")) return;
    if (!value.is_map()) {
        value.complain("must be `otherwise` or a mapping like that of success");
        return;
    }
    decode_response_pattern(value, failure.emplace());
}

void refuse_body(const Value& value) {
    for (const std::string_view key : {"form", "json"}) {
        const auto part = value.find(key);
        if (part) part->complain("is not read here: only the request line and headers are");
    }
}

void decode_confirm(const Value& value, LoginDraft& login) {
    auto& confirm = login.rule.confirm.emplace();
    value.read_keys({
        {"when",
         [&](const Value& part) {
             decode_request_pattern(part, confirm.when.emplace(), login.others.emplace_back());
             refuse_body(part);
         }},
        {"success", [&](const Value& part) { decode_response_pattern(part, confirm.success); },
         Need::Required},
        {"failure", [&](const Value& part) { decode_failure(part, confirm.failure); }},
        {"within", duration_into(confirm.within, kWithin)},
    });
}

// A request pattern and, beside its keys, `answer`; or `answer` alone.
void decode_logout(const Value& value, LoginDraft& login) {
    auto& logout = login.rule.logouts.emplace_back();
    auto& path = login.logouts.emplace_back();
    auto& when = logout.when.emplace();
    path.place = value.place();
    auto keys = request_keys(when, path);
    keys.push_back({"answer", [&](const Value& part) {
                        decode_response_pattern(part, logout.answer.emplace());
                    }});
    value.read_keys(keys);
    check_body(value, when);
    if (!value.is_map()) return;
    if (!logout.answer && !value.find("path"))
        value.complain("needs the key `path` or the key `answer`");
    if (logout.answer && value.count() == 1) logout.when.reset();
}

void decode_change(const Value& value, LoginDraft& login) {
    auto& change = login.rule.changes.emplace_back();
    value.read_keys({
        {"when",
         [&](const Value& part) {
             decode_request_pattern(part, change.when, login.others.emplace_back());
             if (change.when.methods.empty() && change.when.reads_body())
                 change.when.methods = {Method::Post};
             if (change.when.reads_body()) check_body_methods(part, change.when);
         },
         Need::Required},
        {"answer",
         [&](const Value& part) { decode_response_pattern(part, change.answer.emplace()); }},
        {"user", [&](const Value& part) { decode_user(part, change.user); }},
    });
    if (!change.user.empty() && !change.answer)
        value.find("user")->complain(
            "needs `answer` beside it: whoever asks would be whom the request names");
    const bool asks = std::any_of(change.user.begin(), change.user.end(), [](const auto& source) {
        return std::holds_alternative<policy::AskSource>(source);
    });
    if (asks)
        value.find("user")->complain(
            "cannot ask the backend here; name what the request or answer holds");
}

void decode_lost(const Value& value, LoginRule& rule) {
    auto& lost = rule.lost.emplace();
    value.read_keys({
        {"answer", [&](const Value& part) { decode_response_pattern(part, lost.answer); },
         Need::Required},
        {"reaction", choice_into(lost.reaction, kLostReactions)},
    });
}

void decode_closed(const Value& value, LoginDraft& login) {
    decode_request_pattern(value, login.rule.closed.emplace_back(), login.others.emplace_back());
    refuse_body(value);
}

// `/logout`, or `{ method, path, form }`.
void decode_backend_logout(const Value& value, LoginRule& rule) {
    policy::BackendLogout logout;
    if (!value.is_map()) {
        if (auto target = decode_target(value)) rule.backend_logout = {Method::Get, *target, {}};
        return;
    }
    value.read_keys({
        {"method", choice_into(logout.method, kLogoutMethods)},
        {"path",
         [&](const Value& part) {
             if (auto target = decode_target(part)) logout.target = std::move(*target);
         },
         Need::Required},
        {"form", text_into(logout.form)},
    });
    if (!logout.form.empty() && logout.method != Method::Post)
        value.report().add(value.place_of("form"), "needs the method POST");
    rule.backend_logout = std::move(logout);
}

void decode_counting(const Value& value, policy::CountingRule& counting) {
    value.read_keys({
        {"case", choice_into(counting.folds_case, kCases)},
        {"ends", choice_into(counting.trims_ends, kEnds)},
        {"drop_domains",
         [&](const Value& part) {
             each_of(part, [&](const Value& item) {
                 if (auto text = item.text()) counting.dropped_domains.push_back(std::move(*text));
             });
         }},
    });
}

// A name in a body needs a body.
void check_user(const Value& value, const LoginRule& rule) {
    const bool is_in_body = std::any_of(rule.user.begin(), rule.user.end(), [](const auto& source) {
        return std::holds_alternative<policy::FormSource>(source) ||
               std::holds_alternative<policy::JsonSource>(source);
    });
    const auto when = value.find("when");
    if (!is_in_body || !when) return;
    std::size_t index = 0;
    each_of(*when, [&](const Value& item) {
        if (index < rule.when.size() && !rule.when[index].basic && !rule.when[index].reads_body())
            check_body_methods(item, rule.when[index]);
        ++index;
    });
}

void decode_login(const Value& value, Draft& draft) {
    LoginDraft login;
    login.place = value.place();
    auto& rule = login.rule;
    rule.name = policy::LoginName(std::string(value.key()));
    rule.rule = rule_name(value.report(), value.place());
    check_name(value);
    const auto each = [&login](void (*decode)(const Value&, LoginDraft&)) {
        return [&login, decode](const Value& part) {
            each_of(part, [&](const Value& item) { decode(item, login); });
        };
    };
    value.read_keys({
        {"page", [&](const Value& part) { decode_page(part, login); }},
        {"when", each(decode_door), Need::Required},
        {"user", [&](const Value& part) { decode_user(part, rule.user); }, Need::Required},
        {"groups", [&](const Value& part) { decode_groups(part, login); }},
        {"counted_as", [&](const Value& part) { decode_counting(part, rule.counting); }},
        {"success", [&](const Value& part) { decode_response_pattern(part, rule.success); },
         Need::Required},
        {"failure", [&](const Value& part) { decode_failure(part, rule.failure); }},
        {"confirm", [&](const Value& part) { decode_confirm(part, login); }},
        {"body_limit", size_into(rule.body_limit, kBodyLimit)},
        {"logout", each(decode_logout)},
        {"backend_logout", [&](const Value& part) { decode_backend_logout(part, rule); }},
        {"changes", each(decode_change)},
        {"lost", [&](const Value& part) { decode_lost(part, rule); }},
        {"closed", each(decode_closed)},
        {"pre_login_cookies", choice_into(rule.pre_login_cookies, kPreLoginCookies)},
    });
    check_user(value, rule);
    draft.logins.push_back(std::move(login));
}

}  // namespace

void decode_logins(const Value& value, Draft& draft) {
    value.each_entry([&draft](const Value& entry) { decode_login(entry, draft); });
}

}  // namespace config
