#pragma once

// Files of `sallyport learn`: read whole, written for their owner only and never over another.

#include <filesystem>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace gateway::learn {

// At most 128 MiB. Errors are sentences without the name of the file.
[[nodiscard]] tl::expected<std::string, std::string> read_file(const std::filesystem::path& file);

// A new file with mode 0600.
class NewFile {
public:
    [[nodiscard]] static tl::expected<NewFile, std::string> create(
        const std::filesystem::path& file);
    ~NewFile();
    NewFile(NewFile&& other) noexcept;
    NewFile& operator=(NewFile&&) = delete;

    // False when not all of it could be written.
    [[nodiscard]] bool write(std::string_view text) const;

private:
    explicit NewFile(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace gateway::learn
