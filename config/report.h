#pragma once

// Where something stands in the policy file, and the list of what is wrong with it. Complaints
// are collected, not thrown, so that an operator gets all of them at once.

#include <filesystem>
#include <string>
#include <string_view>

#include "config/complaint.h"

namespace config {

// Counted from 1; 0 stands for the file as a whole.
struct Mark {
    int line = 0;
    int column = 0;
};

// A value of the policy file: where it stands and which keys lead to it.
struct Place {
    Mark mark;
    std::string path;  // `routes[0].backend`; empty for the policy itself.
};

class Report {
public:
    explicit Report(std::filesystem::path file) : file_(std::move(file)) {}

    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] bool empty() const { return complaints_.empty(); }

    void add(Mark mark, std::string text);

    // `sentence` goes on where the key path ends: `must be ...`.
    void add(const Place& place, std::string_view sentence);

    // The same for what is allowed, and worth a look.
    void warn(const Place& place, std::string_view sentence);
    [[nodiscard]] Complaints take_warnings();

    // Of another file that the policy names.
    void adopt(Complaints complaints);

    // In the order of the file.
    [[nodiscard]] Complaints take();

private:
    std::filesystem::path file_;
    Complaints complaints_;
    Complaints warnings_;
};

// `text` in quotation marks, made safe to print: escaped, and cut when it is long.
[[nodiscard]] std::string in_quotes(std::string_view text);

// `file:line` for the audit, without folders.
[[nodiscard]] std::string rule_name(const Report& report, const Place& place);

}  // namespace config
