#pragma once

// Reads the tables in tests/cases/: what goes in and what must come out, for readers who review
// the security of the gate and not its C++.

#include <cstddef>
#include <fstream>
#include <map>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace support {

//     # A comment.
//     Title of the case, a sentence
//       key: value
//       key: the values of a key that stands twice are joined
//
// In values \r \n \t \0 \\ and \xHH stand for the bytes they always stand for.
struct Case {
    std::string title;
    std::size_t line = 0;  // Of the title.
    std::map<std::string, std::string, std::less<>> values;

    [[nodiscard]] bool has(std::string_view key) const { return values.contains(key); }

    // The value of `key`, empty when the case does not give one.
    [[nodiscard]] std::string text(std::string_view key) const {
        const auto found = values.find(key);
        return found == values.end() ? std::string() : found->second;
    }
};

inline std::ostream& operator<<(std::ostream& out, const Case& each) {
    return out << "line " << each.line << ": " << each.title;
}

inline std::string unescape(std::string_view text) {
    static const std::map<char, char> kBytes{
        {'r', '\r'}, {'n', '\n'}, {'t', '\t'}, {'0', '\0'}, {'\\', '\\'}};
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            bytes += text[i];
        } else if (text.at(++i) == 'x') {
            bytes += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            bytes += kBytes.at(text[i]);
        }
    }
    return bytes;
}

inline void add_value(std::string_view line, Case& to) {
    const auto begin = line.find_first_not_of(' ');
    const auto colon = line.find(':');
    if (to.title.empty() || colon == std::string_view::npos) {
        throw std::runtime_error("not a value: " + std::string(line));
    }
    auto value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    to.values[std::string(line.substr(begin, colon - begin))] += unescape(value);
}

inline std::vector<Case> read_cases(const std::string& file_name) {
    std::ifstream file(std::string(SALLYPORT_CASES) + "/" + file_name);
    if (!file) throw std::runtime_error("no case file " + file_name);

    std::vector<Case> cases;
    std::string line;
    for (std::size_t number = 1; std::getline(file, line); ++number) {
        if (line.empty() || line.starts_with('#')) continue;
        if (line.starts_with(' ')) {
            if (cases.empty()) throw std::runtime_error("value before a title in " + file_name);
            add_value(line, cases.back());
        } else {
            cases.push_back({line, number, {}});
        }
    }
    if (cases.empty()) throw std::runtime_error("no cases in " + file_name);
    return cases;
}

}  // namespace support
