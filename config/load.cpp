#include "config/load.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "config/check.h"
#include "config/decode.h"
#include "config/document.h"
#include "config/freeze.h"
#include "config/secrets.h"

namespace config {

namespace {

// One byte more than allowed is enough to know that it is too much.
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

}  // namespace

tl::expected<std::shared_ptr<const Settings>, Complaints> load(const std::filesystem::path& file) {
    errno = 0;
    if (const auto text = content_of(file)) return load_text(*text, file);
    const auto why = std::generic_category().message(errno);
    return tl::unexpected(Complaints{{file, 0, 0, "cannot be read: " + why}});
}

tl::expected<std::shared_ptr<const Settings>, Complaints> load_text(
    const std::string& text, const std::filesystem::path& file) {
    Report report(file);
    const auto root = parse_document(text, report);
    if (!root) return tl::unexpected(report.take());

    Draft draft;
    decode_policy(Value(*root, {root->mark, ""}, report), draft);
    check(draft, report);
    read_secrets(draft, report);
    if (!report.empty()) return tl::unexpected(report.take());
    return std::make_shared<const Settings>(freeze(std::move(draft), report));
}

}  // namespace config
