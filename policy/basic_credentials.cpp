#include "policy/basic_credentials.h"

#include <algorithm>

#include "policy/base/text.h"

namespace policy {
namespace {

// RFC 4648 §4, padding allowed to be missing: some clients leave it out.
std::optional<std::string> from_base64(std::string_view text) {
    if (text.find_first_of("-_") != std::string_view::npos) return std::nullopt;
    const auto padding = text.size() - std::min(text.find('='), text.size());
    if (padding > 2 || (padding > 0 && text.size() % 4 != 0)) return std::nullopt;
    std::string url(text.substr(0, text.size() - padding));
    std::replace(url.begin(), url.end(), '+', '-');
    std::replace(url.begin(), url.end(), '/', '_');
    return from_base64url(url);
}

}  // namespace

BasicUser basic_user(const FieldList& fields) {
    constexpr std::string_view kScheme = "Basic";
    using State = BasicUser::State;
    const auto* field = fields.find("Authorization");
    if (!field) return {};
    if (fields.count("Authorization") > 1) return {State::Unreadable, {}};
    const auto space = field->value.find_first_of(" \t");
    if (!equals_ignoring_case(field->value.substr(0, space), kScheme)) return {};
    // A tab is a blank for some backends only.
    if (space == std::string_view::npos || field->value.find('\t') != std::string_view::npos)
        return {State::Unreadable, {}};
    const auto decoded = from_base64(trim(field->value.substr(space)));
    const auto colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos) return {State::Unreadable, {}};
    return {State::Present, decoded->substr(0, colon)};
}

}  // namespace policy
