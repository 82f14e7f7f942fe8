// Shapes of requests and answers, as login rules use them.

#include "config/decode.h"
#include "config/rows.h"

namespace config {

namespace {

using policy::Method;

constexpr Choices<Method, 7> kMethods{{{"GET", Method::Get},
                                       {"HEAD", Method::Head},
                                       {"POST", Method::Post},
                                       {"PUT", Method::Put},
                                       {"PATCH", Method::Patch},
                                       {"DELETE", Method::Delete},
                                       {"OPTIONS", Method::Options}}};

constexpr Range<std::uint64_t> kFinalStatus{200, 599};

Row named_values_into(std::vector<policy::NamedValue>& values) {
    return [&values](const Value& value) {
        value.each_entry([&values](const Value& entry) {
            auto text = entry.text();
            if (text) values.push_back({std::string(entry.key()), std::move(*text)});
        });
    };
}

void decode_status(const Value& value, std::vector<int>& status) {
    const auto take = [&status](const Value& item) {
        if (const auto code = item.count(kFinalStatus)) status.push_back(static_cast<int>(*code));
    };
    if (!value.is_list()) {
        take(value);
        return;
    }
    value.each_item(take);
    if (value.is_empty()) value.complain("is empty, and would fit any answer");
}

bool has_condition(const Value& value) {
    constexpr std::array<std::string_view, 4> kConditions{"status", "location", "set_cookie",
                                                          "deleted_cookie"};
    for (const auto key : kConditions) {
        if (value.find(key)) return true;
    }
    return false;
}

}  // namespace

void decode_request_pattern(const Value& value, policy::RequestPattern& pattern, PlacedPath& path) {
    value.read_keys({
        {"method", choice_into(pattern.method, kMethods)},
        {"path", [&](const Value& part) { path = decode_path(part); }, Need::Required},
        {"query", named_values_into(pattern.query)},
        {"form", named_values_into(pattern.form)},
    });
    if (path.path) pattern.path = path.path->text();
}

void decode_response_pattern(const Value& value, policy::ResponsePattern& pattern) {
    value.read_keys({
        {"status", [&](const Value& part) { decode_status(part, pattern.status); }},
        {"location", text_into(pattern.location)},
        {"set_cookie", text_into(pattern.set_cookie)},
        {"deleted_cookie", text_into(pattern.deleted_cookie)},
    });
    if (value.is_map() && !has_condition(value)) {
        value.complain("needs at least one of status, location, set_cookie, deleted_cookie");
    }
}

}  // namespace config
