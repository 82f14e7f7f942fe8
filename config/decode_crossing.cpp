#include "config/decode_crossing.h"

#include <algorithm>

#include "config/decode.h"
#include "policy/base/text.h"

namespace config {

namespace {

using Mode = policy::CrossingRules::Mode;

// Written into request lines and Set-Cookie as they are.
bool is_plain(std::string_view path) {
    return std::all_of(path.begin(), path.end(), [](char c) {
        const char lower = policy::ascii_lower(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
               std::string_view("/-._~").find(c) != std::string_view::npos;
    });
}

void decode_prefix(const Value& value, std::string& prefix) {
    const auto path = decode_path(value).path;
    if (!path) return;
    const auto& text = path->text();
    if (!is_plain(text)) {
        value.complain("must be made of letters, digits, `/`, `-`, `.`, `_` and `~`");
        return;
    }
    if (text.size() > 1 && text.ends_with('/')) {
        value.complain("must not end with a slash");
        return;
    }
    prefix = text == "/" ? std::string() : text;
}

}  // namespace

void decode_backend_host(const Value& value, policy::CrossingRules& crossing) {
    if (value.is_word("preserve")) return;
    const auto text = value.text();
    if (!text) return;
    auto authority = policy::parse_authority(*text);
    if (!authority) {
        value.complain("must be `preserve`, or a host without scheme, with a port or without");
        return;
    }
    crossing.host = std::move(*authority);
}

void decode_path_mapping(const Value& value, BackendDraft& draft) {
    auto& paths = draft.backend.crossing.paths;
    value.read_keys({
        {"public", [&](const Value& part) { decode_prefix(part, paths.public_prefix); },
         Need::Required},
        {"backend", [&](const Value& part) { decode_prefix(part, paths.backend_prefix); },
         Need::Required},
    });
}

void decode_own_origins(const Value& value, policy::CrossingRules& crossing) {
    value.each_item([&crossing](const Value& item) {
        const auto text = item.text();
        if (!text) return;
        auto origin = policy::parse_origin(*text);
        if (origin) {
            crossing.own_origins.push_back(std::move(*origin));
        } else {
            item.complain("must be `http://host` or `https://host`, with a port or without");
        }
    });
}

Row rewriting_into(Mode& target) {
    static constexpr Choices<Mode, 2> kModes{{{"rewrite", Mode::Rewrite}, {"leave", Mode::Leave}}};
    return choice_into(target, kModes);
}

}  // namespace config
