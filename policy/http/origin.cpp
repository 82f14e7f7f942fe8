#include "policy/http/origin.h"

#include "policy/base/text.h"

namespace policy {

std::optional<Scheme> parse_scheme(std::string_view text) {
    if (equals_ignoring_case(text, "http")) return Scheme::Http;
    if (equals_ignoring_case(text, "https")) return Scheme::Https;
    return std::nullopt;
}

std::optional<Origin> parse_origin(std::string_view text) {
    constexpr std::string_view kSeparator = "://";
    const auto colon = text.find(kSeparator);
    if (colon == std::string_view::npos) return std::nullopt;
    const auto scheme = parse_scheme(text.substr(0, colon));
    if (!scheme) return std::nullopt;
    auto authority = parse_authority(text.substr(colon + kSeparator.size()));
    if (!authority) return std::nullopt;
    return Origin{*scheme, std::move(authority->host),
                  authority->port.value_or(default_port(*scheme))};
}

}  // namespace policy
