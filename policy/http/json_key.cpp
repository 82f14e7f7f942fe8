#include "policy/http/json_key.h"

#include <array>
#include <string>
#include <utility>

#include "policy/base/text.h"

namespace policy {

namespace {

constexpr std::array<std::pair<std::string_view, char>, 4> kAsciiForSome{{
    {"\xc4\xb0", 'i'},      // U+0130, capital I with a dot.
    {"\xc4\xb1", 'i'},      // U+0131, i without one.
    {"\xc5\xbf", 's'},      // U+017F, long s.
    {"\xe2\x84\xaa", 'k'},  // U+212A, the Kelvin sign.
}};

// Any other letter outside ASCII: which of them are the same but for case is not for us to know.
constexpr char kForeign = '\x80';

std::size_t length_of_sequence(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    if (byte >= 0xf0) return 4;
    if (byte >= 0xe0) return 3;
    return byte >= 0xc0 ? 2 : 1;
}

char fold(std::string_view sequence) {
    if (sequence.size() == 1) return ascii_lower(sequence.front());
    for (const auto& [letter, ascii] : kAsciiForSome) {
        if (sequence == letter) return ascii;
    }
    return kForeign;
}

bool is_between_words(char c) {
    return c == '_' || c == '-' || static_cast<unsigned char>(c) <= ' ';
}

std::string fold_key(std::string_view key) {
    std::string folded;
    key = key.substr(0, key.find('\0'));
    while (!key.empty()) {
        const auto sequence = key.substr(0, length_of_sequence(key.front()));
        if (!is_between_words(sequence.front())) folded += fold(sequence);
        key.remove_prefix(sequence.size());
    }
    return folded;
}

}  // namespace

bool may_be_same_key(std::string_view key, std::string_view wanted) {
    return key == wanted || fold_key(key) == fold_key(wanted);
}

}  // namespace policy
