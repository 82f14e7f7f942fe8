// Conditions on a backend's answer, as login rules use them.

#include <algorithm>

#include "config/decode.h"
#include "config/nearest.h"
#include "config/rows.h"

namespace config {

namespace {

using policy::CookieGlob;
using policy::ResponsePattern;
using Redirect = ResponsePattern::Redirect;

constexpr Range<std::uint64_t> kFinalStatus{200, 599};
constexpr Choices<Redirect, 2> kRedirects{
    {{"login_page", Redirect::LoginPage}, {"elsewhere", Redirect::Elsewhere}}};
constexpr std::array<std::string_view, 12> kConditions{"status",
                                                       "location",
                                                       "redirect",
                                                       "set_cookie",
                                                       "changed_cookie",
                                                       "deleted_cookie",
                                                       "headers",
                                                       "body",
                                                       "json",
                                                       "all",
                                                       "any",
                                                       "not"};
constexpr std::size_t kDeepest = 8;

void decode_status(const Value& value, std::vector<int>& status) {
    const auto take = [&status](const Value& item) {
        if (const auto code = item.count(kFinalStatus)) status.push_back(static_cast<int>(*code));
    };
    each_of(value, take);
    if (value.is_list() && value.is_empty()) value.complain("is empty, and would fit any answer");
}

// `name` or `name=value`; no cookie has a `=` in its name.
void decode_cookie(const Value& value, std::optional<CookieGlob>& cookie) {
    const auto text = value.text();
    if (!text) return;
    const auto equals = text->find('=');
    cookie.emplace();
    cookie->name = text->substr(0, equals);
    if (equals != std::string::npos) cookie->value = text->substr(equals + 1);
    if (cookie->name.empty()) value.complain("needs the name of a cookie before the `=`");
}

void decode_parts(const Value& value, std::vector<ResponsePattern>& parts, std::size_t depth) {
    value.each_item(
        [&](const Value& item) { decode_response_pattern(item, parts.emplace_back(), depth + 1); });
    if (value.is_list() && value.is_empty()) value.complain("is empty");
}

bool has_condition(const Value& value) {
    return std::any_of(kConditions.begin(), kConditions.end(),
                       [&value](std::string_view key) { return value.find(key).has_value(); });
}

}  // namespace

void decode_response_pattern(const Value& value, ResponsePattern& pattern, std::size_t depth) {
    if (depth > kDeepest) return value.complain("is nested too deeply");
    const auto parts_into = [depth](std::vector<ResponsePattern>& parts) {
        return [&parts, depth](const Value& part) { decode_parts(part, parts, depth); };
    };
    value.read_keys({
        {"status", [&](const Value& part) { decode_status(part, pattern.status); }},
        {"location", text_into(pattern.location)},
        {"redirect", choice_into(pattern.redirect, kRedirects)},
        {"set_cookie", [&](const Value& part) { decode_cookie(part, pattern.set); }},
        {"changed_cookie", [&](const Value& part) { decode_cookie(part, pattern.changed); }},
        {"deleted_cookie", text_into(pattern.deleted)},
        {"headers", header_globs_into(pattern.headers)},
        {"body", text_into(pattern.body)},
        {"json", json_globs_into(pattern.json)},
        {"all", parts_into(pattern.all)},
        {"any", parts_into(pattern.any)},
        {"not",
         [&](const Value& part) {
             decode_response_pattern(part, pattern.none.emplace_back(), depth + 1);
         }},
    });
    if (value.is_map() && !has_condition(value))
        value.complain("needs at least one of " + list_of(kConditions));
}

}  // namespace config
