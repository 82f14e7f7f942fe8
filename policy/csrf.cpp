#include "policy/csrf.h"

#include "policy/http/origin.h"

namespace policy {
namespace {

bool is_own_origin(const RequestFacts& request, std::string_view text) {
    const auto origin = parse_origin(text);
    return origin && origin->scheme == Scheme::Https && origin->host == request.host &&
           origin->port == request.port.value_or(default_port(Scheme::Https));
}

// The scheme and authority of a URL.
std::string_view origin_part(std::string_view url) {
    constexpr std::string_view kSeparator = "://";
    const auto begin = url.find(kSeparator);
    if (begin == std::string_view::npos) return {};
    return url.substr(0, url.find_first_of("/?#", begin + kSeparator.size()));
}

}  // namespace

bool is_from_own_page(const RequestFacts& request) {
    const auto& fields = *request.fields;
    if (fields.count("Sec-Fetch-Site") > 0)
        return fields.count("Sec-Fetch-Site") == 1 &&
               fields.find("Sec-Fetch-Site")->value == "same-origin";
    if (fields.count("Origin") > 0)
        return fields.count("Origin") == 1 && is_own_origin(request, fields.find("Origin")->value);
    return fields.count("Referer") == 1 &&
           is_own_origin(request, origin_part(fields.find("Referer")->value));
}

}  // namespace policy
