#include "config/content.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "config/document.h"

namespace config {

std::optional<std::string> content_of(const std::filesystem::path& file) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored)) {
        errno = EISDIR;
        return std::nullopt;
    }
    std::ifstream input(file, std::ios::binary);
    if (!input) return std::nullopt;
    std::string text(kLargestPolicy + 1, '\0');
    input.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (input.bad()) return std::nullopt;
    text.resize(static_cast<std::size_t>(input.gcount()));
    return text;
}

}  // namespace config
