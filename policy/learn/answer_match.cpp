#include "policy/learn/answer_match.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/learn/cookie_lines.h"
#include "policy/learn/fields.h"

namespace policy::learn {
namespace {

// `glob`, or `glob=glob` over name and value.
bool matches_cookie(std::string_view wanted, const CookieLine& cookie) {
    const auto equals = wanted.find('=');
    if (!matches_glob(wanted.substr(0, equals), cookie.name)) return false;
    return equals == std::string_view::npos ||
           matches_glob(wanted.substr(equals + 1), cookie.value);
}

template <class IsIt>
bool any_cookie(const RecordedResponse& response, IsIt is_it) {
    const auto effects = cookie_effects(response);
    return std::any_of(effects.begin(), effects.end(), is_it);
}

bool has_all(const std::vector<NameValue>& wanted, const std::vector<NameValue>& fields) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const NameValue& each) {
        const auto* value = find_value(fields, each.name);
        return value && matches_glob(each.value, *value);
    });
}

bool has_headers(const std::vector<NameValue>& wanted, const RecordedResponse& response) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const NameValue& each) {
        const auto* value = find_header(response.headers, each.name);
        return value && matches_glob(each.value, *value);
    });
}

bool matches_location(const std::string& glob, const Exchange& exchange) {
    const auto location = location_of(exchange);
    return location && (matches_glob(glob, target_text(*location)) ||
                        matches_glob(glob, header_or_empty(exchange.response.headers, "Location")));
}

bool holds_in_head(const Condition& condition, const Exchange& exchange, std::string_view page) {
    const auto& response = exchange.response;
    const auto& status = condition.status;
    if (!status.empty() && std::find(status.begin(), status.end(), response.status) == status.end())
        return false;
    if (condition.redirect && redirect_of(exchange, page) != condition.redirect) return false;
    if (!condition.location.empty() && !matches_location(condition.location, exchange))
        return false;
    const auto is_set = [&](const CookieLine& cookie) {
        return cookie.fate != CookieFate::Deleted && matches_cookie(condition.set_cookie, cookie);
    };
    if (!condition.set_cookie.empty() && !any_cookie(response, is_set)) return false;
    const auto is_deleted = [&](const CookieLine& cookie) {
        return cookie.fate == CookieFate::Deleted &&
               matches_cookie(condition.deleted_cookie, cookie);
    };
    if (!condition.deleted_cookie.empty() && !any_cookie(response, is_deleted)) return false;
    return has_headers(condition.headers, response);
}

}  // namespace

std::optional<Redirect> redirect_of(const Exchange& exchange, std::string_view page) {
    const auto location = location_of(exchange);
    if (!location) return std::nullopt;
    const bool is_page = !page.empty() && location->path == split_target(page).path;
    return is_page ? Redirect::LoginPage : Redirect::Elsewhere;
}

bool holds(const Condition& condition, const Exchange& exchange, std::string_view page) {
    if (condition.empty() || !holds_in_head(condition, exchange, page)) return false;
    const auto& response = exchange.response;
    const auto& text = response.body.text;
    if (!condition.body.empty() && text.find(condition.body) == std::string::npos) return false;
    if (!condition.without_body.empty() && text.find(condition.without_body) != std::string::npos)
        return false;
    return condition.json.empty() ||
           has_all(condition.json, json_fields(response.headers, response.body));
}

}  // namespace policy::learn
