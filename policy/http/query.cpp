#include "policy/http/query.h"

#include <utility>

#include "policy/base/text.h"

namespace policy {

QueryValue query_value(std::string_view query, std::string_view name) {
    QueryValue found;
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(pair.size() < query.size() ? pair.size() + 1 : pair.size());
        const auto equals = pair.find('=');
        if (pair.empty() || form_decode(pair.substr(0, equals)) != name) continue;
        if (found.state != QueryValue::State::Absent) return {QueryValue::State::Repeated, {}};

        const auto raw = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
        auto value = form_decode(raw);
        found.state = value ? QueryValue::State::Present : QueryValue::State::Malformed;
        if (value) found.value = std::move(*value);
    }
    return found;
}

}  // namespace policy
