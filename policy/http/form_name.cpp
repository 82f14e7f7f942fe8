#include "policy/http/form_name.h"

#include <algorithm>
#include <string>

#include "policy/base/text.h"

namespace policy {

namespace {

constexpr auto kNone = std::string_view::npos;

bool is_blank(char c) {
    return static_cast<unsigned char>(c) <= ' ';
}

std::string fold(std::string_view name) {
    while (!name.empty() && is_blank(name.front())) name.remove_prefix(1);
    while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
    auto folded = ascii_lower(name);
    std::replace_if(
        folded.begin(), folded.end(), [](char c) { return c == '.' || c == ' '; }, '_');
    return folded;
}

std::string without_brackets(std::string name) {
    std::replace(name.begin(), name.end(), '[', '_');
    return name;
}

// `user[0]` continues `user`.
bool continues(std::string_view name, std::string_view array) {
    return name.size() > array.size() && name.starts_with(array) && name[array.size()] == '[';
}

// The part of a name that stands before its NUL, without an escape that was cut in two.
std::string_view significant_part(std::string_view raw) {
    raw = raw.substr(0, std::min(raw.find('\0'), raw.find("%00")));
    const auto escape = raw.rfind('%');
    return escape != kNone && raw.size() - escape < 3 ? raw.substr(0, escape) : raw;
}

}  // namespace

bool may_be_taken_for(std::string_view raw, std::string_view wanted) {
    const auto decoded = form_decode(significant_part(raw));
    if (!decoded) return false;
    const auto name = fold(*decoded);
    const auto other = fold(wanted);
    // Blanks only: what comes after them may have been cut off.
    if (name.empty()) return !decoded->empty();
    return without_brackets(name) == without_brackets(other) || continues(name, other) ||
           continues(other, name);
}

}  // namespace policy
