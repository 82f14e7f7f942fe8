#include "policy/learn/request_shape.h"

#include <algorithm>
#include <array>
#include <set>

#include "policy/base/text.h"
#include "policy/learn/fields.h"
#include "policy/learn/redact.h"

namespace policy::learn {
namespace {

std::string last_word(std::string_view field) {
    const auto cut = field.find_last_of("/[.");
    auto word = ascii_lower(field.substr(cut == std::string_view::npos ? 0 : cut + 1));
    if (word.ends_with(']')) word.pop_back();
    return word;
}

bool names_an_action(std::string_view field) {
    static constexpr std::array<std::string_view, 9> kWords{
        "do", "action", "cmd", "op", "act", "task", "mode", "login", "command"};
    return std::find(kWords.begin(), kWords.end(), last_word(field)) != kWords.end();
}

// The label of a button is in the language of whoever pressed it.
std::string glob_for(const NameValue& field) {
    return last_word(field.name) == "login" ? "*" : field.value;
}

std::vector<NameValue> body_fields(UserSource source, const RecordedRequest& request) {
    return source == UserSource::Json ? json_fields(request.headers, request.body)
                                      : form_fields(request);
}

// Fields with the same value in both.
std::vector<NameValue> common(const std::vector<NameValue>& left,
                              const std::vector<NameValue>& right, const std::string& user_field) {
    std::vector<NameValue> both;
    for (const auto& field : left) {
        const auto* other = find_value(right, field.name);
        if (field.name != user_field && other && *other == field.value &&
            is_constant_word(field.value))
            both.push_back(field);
    }
    return both;
}

std::vector<NameValue>& body_part(RequestShape& shape, UserSource source) {
    return source == UserSource::Json ? shape.json : shape.form;
}

// The glob of both paths: what differs becomes `*`.
std::string common_path(const std::string& left, const std::string& right) {
    if (left == right) return left;
    const auto split = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
    const auto differs = static_cast<std::size_t>(split.first - left.begin());
    const auto front = left.rfind('/', differs - 1) + 1;  // Both begin with one.
    std::size_t back = 0;
    const auto shorter = std::min(left.size(), right.size());
    while (back < shorter - front && left[left.size() - 1 - back] == right[right.size() - 1 - back])
        ++back;
    return left.substr(0, front) + "*" + left.substr(left.size() - back);
}

// Servlet containers take this path for a login below any folder of the application.
std::string servlet_path(const std::string& path) {
    constexpr std::string_view kCheck = "/j_security_check";
    if (!path.ends_with(kCheck)) return path;
    const auto second = path.find('/', 1);
    const auto application = second == std::string::npos ? "/" : path.substr(0, second + 1);
    return application + "*" + std::string(kCheck.substr(1));
}

class ShapeFinder {
public:
    ShapeFinder(const Recording& recording, const LoginPair& pair, Remarks& remarks)
        : recording_(recording), pair_(pair), remarks_(remarks) {}

    RequestShape find() {
        const auto& fail = pair_.failure().request;
        const auto& login = pair_.success->request;
        shape_.method = login.method;
        find_path(split_target(fail.target).path, split_target(login.target).path);
        const auto query = common(query_fields(fail), query_fields(login), "");
        const auto body = common(body_fields(pair_.user.source, fail),
                                 body_fields(pair_.user.source, login), pair_.user.name);
        take_action(query, body);
        tell_from_others(query, body);
        if (still_matching() > 0)
            remarks_.emplace_back(
                "Other requests of the recording have this shape too, and nothing "
                "that is the same at each login tells them apart: look at it.");
        return shape_;
    }

private:
    void find_path(const std::string& fail, const std::string& login) {
        shape_.path = servlet_path(common_path(fail, login));
        if (fail != login)
            remarks_.emplace_back(
                "The login was sent to more than one path, so the path is a glob.");
        else if (shape_.path != login)
            remarks_.emplace_back(
                "The path is a glob: a servlet container accepts this login below "
                "any folder of the application.");
    }

    void take_action(const std::vector<NameValue>& query, const std::vector<NameValue>& body) {
        for (const auto& field : query) {
            if (names_an_action(field.name)) shape_.query.push_back(field);
        }
        auto& part = body_part(shape_, pair_.user.source);
        for (const auto& field : body) {
            if (names_an_action(field.name)) part.push_back({field.name, glob_for(field)});
        }
        if (!part.empty()) {
            remarks_.push_back("The field `" + part.front().name + "` says that it is a login.");
            return;
        }
        part.push_back({pair_.user.name, "*"});
        remarks_.push_back("A request to this path with a field `" + pair_.user.name +
                           "` is a login, whatever its value.");
    }

    void tell_from_others(const std::vector<NameValue>& query, const std::vector<NameValue>& body) {
        auto& part = body_part(shape_, pair_.user.source);
        if (still_matching() > 0 && !find_value(part, pair_.user.name))
            try_with(part, {pair_.user.name, "*"});
        for (const auto& field : query) try_with(shape_.query, field);
        for (const auto& field : body) try_with(part, field);
    }

    // Keeps the field when it tells more of the other requests apart.
    void try_with(std::vector<NameValue>& part, const NameValue& field) {
        const auto before = still_matching();
        if (before == 0 || find_value(part, field.name)) return;
        part.push_back(field);
        if (still_matching() == before)
            part.pop_back();
        else
            remarks_.push_back("`" + field.name + "` tells it from other requests to this path.");
    }

    [[nodiscard]] std::size_t still_matching() const {
        std::size_t others = 0;
        for (const auto& exchange : recording_.exchanges) {
            const auto value = value_at(pair_.user, exchange.request);
            const bool is_attempt = exchange.step == Step::Fail || exchange.step == Step::Login;
            const bool is_login =
                is_attempt && value && equals_ignoring_case(*value, recording_.user);
            if (!is_login && matches(shape_, exchange.request)) ++others;
        }
        return others;
    }

    const Recording& recording_;
    const LoginPair& pair_;
    Remarks& remarks_;
    RequestShape shape_;
};

// Paths that asked for a password. Others answer whoever sends one, so that anybody could be
// anybody there.
std::vector<RequestShape> basic_shapes(const Recording& recording, const LoginPair& pair,
                                       Remarks& remarks) {
    std::set<std::string> asking;
    for (const auto* failure : pair.failures) {
        if (failure->response.status >= 400)
            asking.insert(split_target(failure->request.target).path);
    }
    std::set<std::string> open;
    for (const auto& exchange : recording.exchanges) {
        const auto path = split_target(exchange.request.target).path;
        if (exchange.response.status == 401) asking.insert(path);
        if (exchange.response.status < 400 && !basic_credentials(exchange.request))
            open.insert(path);
    }
    std::vector<RequestShape> shapes;
    const auto add = [&](std::string path) {
        RequestShape shape;
        shape.path = std::move(path);
        shape.basic = true;
        shapes.push_back(std::move(shape));
    };
    for (const auto& path : asking) {
        if (open.contains(path)) continue;
        const auto below = path.ends_with('/') ? path : path + "/";
        const bool is_open_below = std::any_of(
            open.begin(), open.end(), [&](const auto& other) { return other.starts_with(below); });
        if (!path.ends_with('/') || is_open_below) add(path);
        if (!is_open_below) add(below + "*");
    }
    remarks.emplace_back(
        "Every request with Basic credentials is a login. Only paths that answered "
        "401 are named: where the backend asks nobody for a password, it would "
        "believe any name. All below them must ask too: look at it.");
    return shapes;
}

}  // namespace

bool is_constant_word(std::string_view value) {
    constexpr std::size_t kLongest = 32;
    const auto is_fit = [](char c) { return is_token_char(c) || c == '/' || c == ' ' || c == ':'; };
    if (value.empty() || value.size() > kLongest || is_alias(value) || value == kRedacted)
        return false;
    if (!std::all_of(value.begin(), value.end(), is_fit)) return false;
    const auto digits =
        std::count_if(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    return value.find('*') == std::string_view::npos && (digits < 4 || value.size() < 4);
}

std::vector<RequestShape> shapes_of_login(const Recording& recording, const LoginPair& pair,
                                          Remarks& remarks) {
    if (pair.user.source == UserSource::Basic) return basic_shapes(recording, pair, remarks);
    auto shape = ShapeFinder(recording, pair, remarks).find();
    remarks.emplace_back(
        "If the backend takes the same login at other paths as well, add them here "
        "or close them with `closed`.");
    return {std::move(shape)};
}

bool matches(const RequestShape& shape, const RecordedRequest& request) {
    const auto all_in = [](const std::vector<NameValue>& wanted,
                           const std::vector<NameValue>& fields) {
        return std::all_of(wanted.begin(), wanted.end(), [&](const NameValue& each) {
            const auto* value = find_value(fields, each.name);
            return value && matches_glob(each.value, *value);
        });
    };
    if (!shape.method.empty() && shape.method != request.method) return false;
    if (!shape.path.empty() && !matches_glob(shape.path, split_target(request.target).path))
        return false;
    if (shape.basic && !basic_credentials(request)) return false;
    return all_in(shape.query, query_fields(request)) && all_in(shape.form, form_fields(request)) &&
           all_in(shape.json, json_fields(request.headers, request.body));
}

}  // namespace policy::learn
