#include "policy/http/path_parameters.h"

#include <algorithm>

#include "policy/base/text.h"

namespace policy {

namespace {

constexpr auto kNone = std::string_view::npos;

// One character of a path, however it is written.
struct Unit {
    char byte;
    std::size_t size;
};

Unit unit_at(std::string_view text, std::size_t at) {
    if (text[at] == '%') {
        const auto decoded = percent_decode(text.substr(at, 3));
        if (decoded && decoded->size() == 1) return {decoded->front(), 3};
    }
    return {text[at], 1};
}

// Lets go of nearly every target without a closer look.
bool may_hold_parameters(std::string_view text) {
    return text.find(';') != kNone || text.find("%3") != kNone;
}

// Where the parameter ends that begins at `at`: before the next one, the next segment, or at the
// end.
std::size_t end_of_parameter(std::string_view path, std::size_t at) {
    while (at < path.size()) {
        const auto unit = unit_at(path, at);
        if (unit.byte == ';' || unit.byte == '/') break;
        at += unit.size;
    }
    return at;
}

std::string name_of(std::string_view parameter) {
    std::string name;
    for (std::size_t at = 0; at < parameter.size();) {
        const auto unit = unit_at(parameter, at);
        if (unit.byte == '=') break;
        name += unit.byte;
        at += unit.size;
    }
    return ascii_lower(trim(name));
}

const std::string* find_name(std::string_view parameter, std::span<const std::string> names) {
    const auto found = std::find(names.begin(), names.end(), name_of(parameter));
    return found == names.end() ? nullptr : &*found;
}

std::size_t path_begin(std::string_view target) {
    if (target.starts_with('/')) return 0;
    const auto scheme = target.find("://");
    return scheme == kNone ? kNone : target.find_first_of("/?", scheme + 3);
}

}  // namespace

StrippedPath strip_path_parameters(std::string_view text, std::size_t begin,
                                   std::span<const std::string> names, Arena& arena) {
    StrippedPath stripped{text, {}, 0};
    if (names.empty() || begin >= text.size() || !may_hold_parameters(text)) return stripped;
    const auto path = text.substr(0, text.find_first_of("?#", begin));

    std::string kept;
    std::size_t copied = 0;
    for (auto at = begin; at < path.size();) {
        const auto unit = unit_at(path, at);
        const auto behind = at + unit.size;
        if (unit.byte != ';') {
            at = behind;
            continue;
        }
        const auto end = end_of_parameter(path, behind);
        if (const auto* name = find_name(path.substr(behind, end - behind), names)) {
            kept.append(text.substr(copied, at - copied));
            copied = end;
            if (stripped.count++ == 0) stripped.name = *name;
        }
        at = end;
    }
    if (stripped.count > 0) stripped.text = arena.join({kept, text.substr(copied)});
    return stripped;
}

StrippedPath strip_target(std::string_view target, std::span<const std::string> names,
                          Arena& arena) {
    return strip_path_parameters(target, path_begin(target), names, arena);
}

}  // namespace policy
