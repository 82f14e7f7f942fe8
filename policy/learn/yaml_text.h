#pragma once

// Writes YAML: every value is quoted so that it is read back as it is, and no text from a recording
// can leave the comment or the value that it stands in.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy::learn {

// Plain where nobody could misread it, else in double quotes. Fits into flow collections too.
[[nodiscard]] std::string yaml_scalar(std::string_view text);

// `{ name: value, ... }` of values that are YAML already.
using YamlPairs = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] std::string yaml_map(const YamlPairs& pairs);
[[nodiscard]] std::string yaml_list(const std::vector<std::string>& items);

class YamlWriter {
public:
    // Wrapped at 100 columns, every line behind `# `; control characters become `?`.
    void comment(std::string_view text);
    void line(std::string_view yaml);
    void blank() { text_ += '\n'; }

    void indent() { depth_ += 2; }
    void outdent() { depth_ -= 2; }

    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
    std::size_t depth_ = 0;
};

}  // namespace policy::learn
