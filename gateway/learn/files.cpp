#include "gateway/learn/files.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway::learn {

namespace {

constexpr std::uintmax_t kLargest = std::uintmax_t{128} * 1024 * 1024;

}  // namespace

tl::expected<std::string, std::string> read_file(const std::filesystem::path& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error) return tl::unexpected("cannot be read: " + error.message());
    if (size > kLargest) return tl::unexpected<std::string>("is larger than 128 MiB");
    std::ifstream input(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(input), {}};
    if (!input) return tl::unexpected<std::string>("cannot be read");
    return text;
}

tl::expected<NewFile, std::string> NewFile::create(const std::filesystem::path& file) {
    const int descriptor =
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor >= 0) return NewFile(descriptor);
    const int code = errno;
    if (code == EEXIST) return tl::unexpected<std::string>("is there already");
    return tl::unexpected(std::string("cannot be written: ") + std::strerror(code));
}

NewFile::~NewFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

NewFile::NewFile(NewFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

bool NewFile::write(std::string_view text) const {
    while (!text.empty()) {
        const auto written = ::write(descriptor_, text.data(), text.size());
        if (written < 0 && errno != EINTR) return false;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace gateway::learn
