#include "config/load.h"

#include <cerrno>
#include <system_error>

#include "config/check.h"
#include "config/content.h"
#include "config/decode.h"
#include "config/document.h"
#include "config/freeze.h"
#include "config/groups.h"
#include "config/secrets.h"

namespace config {

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
    read_groups(draft, report);
    if (!report.empty()) return tl::unexpected(report.take());
    auto settings = freeze(std::move(draft), report);
    settings.warnings = report.take_warnings();
    return std::make_shared<const Settings>(std::move(settings));
}

}  // namespace config
