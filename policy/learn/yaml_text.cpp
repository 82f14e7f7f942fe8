#include "policy/learn/yaml_text.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "policy/base/text.h"

namespace policy::learn {
namespace {

constexpr std::size_t kColumns = 100;

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Words that YAML 1.1 or 1.2 takes for something else than text.
bool is_reserved(std::string_view text) {
    static constexpr std::array<std::string_view, 9> kWords{"true", "false", "yes", "no", "on",
                                                            "off",  "null",  "y",   "n"};
    const auto lower = ascii_lower(text);
    return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

bool is_plain(std::string_view text) {
    const auto is_fit = [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/' ||
               c == '.' || c == '=' || c == '+';
    };
    if (text.empty() || !(is_letter(text.front()) || text.front() == '/')) return false;
    return std::all_of(text.begin(), text.end(), is_fit) && !is_reserved(text);
}

// U+0080 to U+009F, U+2028, U+2029 and U+FEFF are line ends or controls for some readers.
std::size_t length_of_odd(std::string_view text) {
    if (text.starts_with("\xE2\x80\xA8") || text.starts_with("\xE2\x80\xA9") ||
        text.starts_with("\xEF\xBB\xBF"))
        return 3;
    const bool is_c1 =
        text.size() > 1 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0;
    return is_c1 ? 2 : 0;
}

std::string unit(const char* form, unsigned value) {
    char text[8];
    std::snprintf(text, sizeof text, form, value);
    return text;
}

unsigned code_of(std::string_view odd) {
    if (odd.size() == 2) return static_cast<unsigned char>(odd[1]);
    if (odd[0] == '\xEF') return 0xFEFF;
    return odd[2] == '\xA8' ? 0x2028 : 0x2029;
}

std::string printable(std::string_view text) {
    std::string clean;
    while (!text.empty()) {
        const auto odd = length_of_odd(text);
        const auto size = std::max<std::size_t>(odd, 1);
        clean += odd > 0 || is_control(text.front()) ? '?' : text.front();
        text.remove_prefix(size);
    }
    return clean;
}

}  // namespace

std::string yaml_scalar(std::string_view text) {
    if (is_plain(text)) return std::string(text);
    std::string quoted = "\"";
    while (!text.empty()) {
        const char c = text.front();
        const auto odd = length_of_odd(text);
        if (odd > 0)
            quoted += unit("\\u%04x", code_of(text.substr(0, odd)));
        else if (is_control(c))
            quoted += unit("\\x%02x", static_cast<unsigned char>(c));
        else if (c == '"' || c == '\\')
            quoted.append("\\").append(1, c);
        else
            quoted += c;
        text.remove_prefix(std::max<std::size_t>(odd, 1));
    }
    return quoted + "\"";
}

std::string yaml_map(const YamlPairs& pairs) {
    std::string text = "{";
    for (const auto& [name, value] : pairs)
        text += (text.size() > 1 ? ", " : " ") + yaml_scalar(name) + ": " + value;
    return text + " }";
}

std::string yaml_list(const std::vector<std::string>& items) {
    if (items.size() == 1) return items.front();
    std::string text = "[";
    for (const auto& item : items) text += (text.size() > 1 ? ", " : " ") + item;
    return text + " ]";
}

void YamlWriter::comment(std::string_view text) {
    const auto clean = printable(text);
    std::string_view rest = clean;
    const auto room = kColumns - depth_ - 2;
    while (!rest.empty()) {
        auto cut = rest.size() <= room ? rest.size() : rest.rfind(' ', room);
        if (cut == std::string_view::npos || cut == 0) cut = std::min(rest.find(' '), rest.size());
        line("# " + std::string(rest.substr(0, cut)));
        rest.remove_prefix(cut);
        while (rest.starts_with(' ')) rest.remove_prefix(1);
    }
}

void YamlWriter::line(std::string_view yaml) {
    text_.append(depth_, ' ').append(yaml).append("\n");
}

}  // namespace policy::learn
