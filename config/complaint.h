#pragma once

// What is wrong with a policy file, and where.

#include <filesystem>
#include <string>
#include <vector>

namespace config {

// `line` and `column` count from 1; both are 0 when the complaint is about the file as a whole.
struct Complaint {
    std::filesystem::path file;
    int line = 0;
    int column = 0;
    std::string text;  // A sentence without the position; never holds a secret.
};

// `file:line:column: text`
[[nodiscard]] std::string to_string(const Complaint& complaint);

using Complaints = std::vector<Complaint>;

}  // namespace config
