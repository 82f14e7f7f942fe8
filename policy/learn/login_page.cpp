#include "policy/learn/login_page.h"

#include <algorithm>

#include "policy/http/target.h"
#include "policy/learn/fields.h"
#include "policy/learn/redact.h"

namespace policy::learn {
namespace {

bool has_input(const Exchange& exchange, const std::string& name) {
    const auto inputs = inputs_of(exchange.response.body.text);
    return std::any_of(inputs.begin(), inputs.end(),
                       [&](const Input& input) { return input.name == name; });
}

bool has_password_input(const Exchange& exchange) {
    const auto inputs = inputs_of(exchange.response.body.text);
    return std::any_of(inputs.begin(), inputs.end(),
                       [](const Input& input) { return input.type == "password"; });
}

bool is_token_parameter(std::string_view pair) {
    const auto fields = urlencoded_fields(pair);
    if (fields.empty()) return true;
    const auto& [name, value] = fields.front();
    return value.empty() || looks_like_token(value) || value == kRedacted ||
           name.find("tok") != std::string::npos;
}

// The parameters as written that are worth keeping.
std::string without_tokens(std::string_view query) {
    std::string kept;
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (is_token_parameter(pair)) continue;
        kept += (kept.empty() ? "" : "&") + std::string(pair);
    }
    return kept;
}

}  // namespace

const Exchange* find_login_page(const Recording& recording, const LoginPair& pair) {
    const Exchange* page = nullptr;
    for (const auto& exchange : recording.exchanges) {
        if (&exchange == pair.failures.front()) break;
        if (exchange.request.method != "GET") continue;
        const bool has_form = pair.user.source == UserSource::Form
                                  ? has_input(exchange, pair.user.name)
                                  : has_password_input(exchange);
        if (has_form) page = &exchange;
    }
    return page;
}

std::string page_target(const Exchange& page, Remarks& remarks) {
    constexpr std::size_t kLongestQuery = 64;
    const auto parts = split_target(page.request.target);
    const auto query = without_tokens(parts.query);
    const bool is_short = query.size() <= kLongestQuery;
    const auto target = query.empty() || !is_short ? parts.path : parts.path + "?" + query;
    if (query.size() < parts.query.size() || !is_short)
        remarks.emplace_back(
            "Parameters of its query that were empty, long or looked like tokens "
            "are left out.");
    const auto parsed = parse_target(target);
    if (parsed && !parsed->is_ambiguous()) return target;
    remarks.emplace_back("The path of the login page has more than one reading, so none is named.");
    return {};
}

std::vector<std::string> hidden_tokens(const Exchange& page, const RecordedRequest& login) {
    std::vector<std::string> names;
    const auto sent = form_fields(login);
    for (const auto& input : inputs_of(page.response.body.text)) {
        const bool is_token = input.type == "hidden" && looks_like_token(input.value);
        const bool is_known = std::find(names.begin(), names.end(), input.name) != names.end();
        if (is_token && !is_known && find_value(sent, input.name)) names.push_back(input.name);
    }
    return names;
}

bool looks_like_token(std::string_view value) {
    constexpr std::size_t kShortest = 12;
    const bool has_digit = value.find_first_of("0123456789") != std::string_view::npos;
    const bool has_blank = value.find_first_of(" /") != std::string_view::npos;
    return is_alias(value) || (value.size() >= kShortest && has_digit && !has_blank);
}

}  // namespace policy::learn
