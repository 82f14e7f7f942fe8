#include "config/source_text.h"

#include <algorithm>
#include <optional>

#include "config/document.h"
#include "policy/base/text.h"

namespace config {

namespace {

bool is_forbidden(char c) {
    return (c >= '\0' && c < ' ' && c != '\t') || c == '\x7f';
}

// `line` has lost its line feed; the carriage return in front of it may stay.
std::optional<std::string> fault_of(std::string_view line, int& column) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto bad = std::find_if(line.begin(), line.end(), is_forbidden);
    if (bad != line.end()) {
        column = static_cast<int>(bad - line.begin()) + 1;
        return "a control character stands here; a policy is plain text";
    }
    if (!policy::is_valid_utf8(line)) return "this line is not valid UTF-8";
    return std::nullopt;
}

}  // namespace

bool check_source_text(std::string_view text, Report& report) {
    if (text.size() > kLargestPolicy) {
        report.add(Mark{}, "the policy is larger than 1MiB");
        return false;
    }
    for (Mark mark{1, 1}; !text.empty(); ++mark.line) {
        const auto end = std::min(text.find('\n'), text.size());
        if (auto fault = fault_of(text.substr(0, end), mark.column)) {
            report.add(mark, std::move(*fault));
            return false;
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return true;
}

}  // namespace config
