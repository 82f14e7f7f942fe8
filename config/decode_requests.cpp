// Shapes of requests, as login rules use them.

#include <algorithm>

#include "config/decode.h"
#include "config/rows.h"
#include "policy/http/json_pointer.h"
#include "policy/http/reserved_names.h"

namespace config {

namespace {

using policy::Method;
using policy::NamedGlob;
using policy::RequestPattern;

constexpr Choices<Method, 7> kMethods{{{"GET", Method::Get},
                                       {"HEAD", Method::Head},
                                       {"POST", Method::Post},
                                       {"PUT", Method::Put},
                                       {"PATCH", Method::Patch},
                                       {"DELETE", Method::Delete},
                                       {"OPTIONS", Method::Options}}};

void decode_methods(const Value& value, std::vector<Method>& methods) {
    each_of(value, [&methods](const Value& item) {
        std::optional<Method> method;
        choice_into(method, kMethods)(item);
        if (method) methods.push_back(*method);
    });
}

// With a `*` it is a glob, which need not be canonical.
void decode_pattern_path(const Value& value, RequestPattern& pattern, PlacedPath& path) {
    path.place = value.place();
    if (!value.is_glob()) {
        path = decode_path(value);
        if (path.path) pattern.path = path.path->text();
        return;
    }
    auto text = value.text();
    if (!text) return;
    if (!text->starts_with('/') && !text->starts_with('*'))
        value.complain("must begin with `/` or `*`");
    pattern.path = std::move(*text);
}

void decode_basic(const Value& value, RequestPattern& pattern) {
    const auto basic = value.flag();
    if (basic && !*basic) value.complain("can only be true; leave it out otherwise");
    pattern.basic = basic.value_or(false);
}

bool carries_body(const RequestPattern& pattern) {
    return std::all_of(pattern.methods.begin(), pattern.methods.end(), [](Method method) {
        return method == Method::Post || method == Method::Put || method == Method::Patch;
    });
}

}  // namespace

Row named_globs_into(std::vector<NamedGlob>& globs) {
    return [&globs](const Value& value) {
        value.each_entry([&globs](const Value& entry) {
            auto text = entry.text();
            if (text) globs.push_back({std::string(entry.key()), std::move(*text)});
        });
    };
}

Row header_globs_into(std::vector<NamedGlob>& globs) {
    return [&globs](const Value& value) {
        named_globs_into(globs)(value);
        value.each_entry([](const Value& entry) {
            if (!policy::is_plain_name(entry.key()))
                entry.complain("is no header name of letters, digits and `-`");
        });
    };
}

Row json_globs_into(std::vector<NamedGlob>& globs) {
    return [&globs](const Value& value) {
        named_globs_into(globs)(value);
        value.each_entry([](const Value& entry) { check_pointer(entry, entry.key()); });
    };
}

void check_pointer(const Value& value, std::string_view pointer) {
    if (!policy::is_json_pointer(pointer))
        value.complain("is no JSON pointer, as in `/user/name` (RFC 6901)");
}

std::vector<Key> request_keys(RequestPattern& pattern, PlacedPath& path) {
    return {
        {"method", [&](const Value& part) { decode_methods(part, pattern.methods); }},
        {"path", [&](const Value& part) { decode_pattern_path(part, pattern, path); }},
        {"query", named_globs_into(pattern.query)},
        {"headers", header_globs_into(pattern.headers)},
        {"form", named_globs_into(pattern.form)},
        {"json", json_globs_into(pattern.json)},
        {"basic", [&](const Value& part) { decode_basic(part, pattern); }},
    };
}

void decode_request_pattern(const Value& value, RequestPattern& pattern, PlacedPath& path) {
    path.place = value.place();
    auto keys = request_keys(pattern, path);
    keys[1].need = Need::Required;  // The path.
    value.read_keys(keys);
    check_body(value, pattern);
}

void check_body(const Value& value, const RequestPattern& pattern) {
    if (pattern.form.empty() || pattern.json.empty()) return;
    value.complain("has both form and json; a body is one of them: write two patterns");
}

void check_body_methods(const Value& value, const RequestPattern& pattern) {
    if (carries_body(pattern)) return;
    value.report().add(value.place_of("method"),
                       "must be POST, PUT or PATCH: what is asked for comes in a body");
}

}  // namespace config
