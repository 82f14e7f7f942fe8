#include "policy/learn/fields.h"

#include <algorithm>
#include <array>

#include "policy/base/text.h"
#include "policy/learn/json.h"

namespace policy::learn {
namespace {

std::string decoded(std::string_view text) {
    return form_decode(text).value_or(std::string(text));
}

// Takes the text up to `separator` off the front of `text`, and the separator with it.
std::string_view take_until(std::string_view& text, std::string_view separator) {
    const auto end = text.find(separator);
    const auto front = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + separator.size());
    return front;
}

// RFC 3986 §5.2.4 for a path that begins with `/`.
std::string without_dots(std::string_view path) {
    std::string clean;
    while (!path.empty()) {
        const auto segment = path.substr(0, path.find('/', 1));
        path.remove_prefix(segment.size());
        const bool is_up = segment == "/..";
        if (is_up) clean.erase(std::min(clean.rfind('/'), clean.size()));
        const bool is_dot = is_up || segment == "/.";
        if (!is_dot) clean += segment;
        if (is_dot && path.empty()) clean += '/';
    }
    return clean;
}

NameValue split_pair(std::string_view text) {
    const auto name = take_until(text, "=");
    return {std::string(name), std::string(text)};
}

// The parameter `name` of a header value such as `multipart/form-data; boundary=x`.
std::string parameter(std::string_view value, std::string_view name) {
    take_until(value, ";");
    while (!value.empty()) {
        auto [key, text] = split_pair(trim(take_until(value, ";")));
        if (!equals_ignoring_case(key, name)) continue;
        if (text.size() >= 2 && text.starts_with('"')) text = text.substr(1, text.size() - 2);
        return text;
    }
    return {};
}

std::optional<NameValue> multipart_field(std::string_view part) {
    auto heads = take_until(part, "\r\n\r\n");
    while (!heads.empty()) {
        const auto line = take_until(heads, "\r\n");
        constexpr std::string_view kName = "content-disposition:";
        if (!ascii_lower(line).starts_with(kName)) continue;
        auto name = parameter(line, "name");
        if (name.empty()) return std::nullopt;
        const bool is_file = line.find("filename=") != std::string_view::npos;
        return NameValue{std::move(name), is_file ? "" : std::string(part)};
    }
    return std::nullopt;
}

std::vector<NameValue> multipart_fields(std::string_view body, const std::string& boundary) {
    std::vector<NameValue> fields;
    if (boundary.empty()) return fields;
    const auto delimiter = "\r\n--" + boundary;
    const auto whole = "\r\n" + std::string(body);
    std::string_view rest = whole;
    take_until(rest, delimiter);
    while (!rest.empty() && !rest.starts_with("--")) {
        take_until(rest, "\r\n");
        if (auto field = multipart_field(take_until(rest, delimiter)))
            fields.push_back(std::move(*field));
    }
    return fields;
}

}  // namespace

const std::string* find_header(const std::vector<NameValue>& headers, std::string_view name) {
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& each) {
        return equals_ignoring_case(each.name, name);
    });
    return found == headers.end() ? nullptr : &found->value;
}

std::string header_or_empty(const std::vector<NameValue>& headers, std::string_view name) {
    const auto* found = find_header(headers, name);
    return found ? *found : std::string();
}

std::string_view authority_of(std::string_view url) {
    const auto begin = url.find("//");
    const bool is_absolute = begin == 0 || (begin != std::string_view::npos && begin > 0 &&
                                            url[begin - 1] == ':' && url.find('/') == begin);
    if (!is_absolute) return {};
    url.remove_prefix(begin + 2);
    return url.substr(0, url.find_first_of("/?#"));
}

TargetParts split_target(std::string_view target) {
    if (const auto authority = authority_of(target); !authority.empty())
        target.remove_prefix(static_cast<std::size_t>(authority.data() - target.data()) +
                             authority.size());
    TargetParts parts;
    target = target.substr(0, target.find('#'));
    auto path = take_until(target, "?");
    parts.query = target;
    while (!path.empty()) {
        auto segment = path.substr(0, path.find('/', 1));
        path.remove_prefix(segment.size());
        parts.path += take_until(segment, ";");
        while (!segment.empty())
            parts.path_parameters.push_back(split_pair(take_until(segment, ";")));
    }
    if (parts.path.empty()) parts.path = "/";
    return parts;
}

std::optional<TargetParts> location_of(const Exchange& exchange) {
    const auto* location = find_header(exchange.response.headers, "Location");
    if (!location) return std::nullopt;
    const std::string_view url = *location;
    const auto base = split_target(exchange.request.target).path;
    if (!authority_of(url).empty() || url.starts_with('/')) return split_target(url);
    if (url.empty() || url.starts_with('?') || url.starts_with('#'))
        return split_target(base + *location);
    auto resolved = split_target(base.substr(0, base.rfind('/') + 1) + *location);
    resolved.path = without_dots(resolved.path);
    return resolved;
}

std::string target_text(const TargetParts& parts) {
    return parts.query.empty() ? parts.path : parts.path + "?" + parts.query;
}

std::vector<NameValue> urlencoded_fields(std::string_view text) {
    std::vector<NameValue> fields;
    while (!text.empty()) {
        const auto [name, value] = split_pair(take_until(text, "&"));
        if (!name.empty()) fields.push_back({decoded(name), decoded(value)});
    }
    return fields;
}

std::vector<NameValue> query_fields(const RecordedRequest& request) {
    return urlencoded_fields(split_target(request.target).query);
}

std::vector<NameValue> form_fields(const RecordedRequest& request) {
    const auto type = media_type(request.headers);
    if (type == "application/x-www-form-urlencoded") return urlencoded_fields(request.body.text);
    if (type != "multipart/form-data") return {};
    const auto boundary = parameter(header_or_empty(request.headers, "Content-Type"), "boundary");
    return multipart_fields(request.body.text, boundary);
}

std::vector<NameValue> json_fields(const std::vector<NameValue>& headers, const Body& body) {
    const auto type = media_type(headers);
    if (type != "application/json" && !type.ends_with("+json")) return {};
    const auto json = parse_json(body.text);
    return json ? scalars_of(*json) : std::vector<NameValue>();
}

std::vector<NameValue> sent_cookies(const RecordedRequest& request) {
    std::vector<NameValue> cookies;
    for (const auto& header : request.headers) {
        if (!equals_ignoring_case(header.name, "Cookie")) continue;
        std::string_view rest = header.value;
        while (!rest.empty()) {
            auto pair = split_pair(trim(take_until(rest, ";")));
            if (!pair.name.empty()) cookies.push_back(std::move(pair));
        }
    }
    return cookies;
}

std::optional<BasicCredentials> basic_credentials(const RecordedRequest& request) {
    const auto* header = find_header(request.headers, "Authorization");
    if (!header || !equals_ignoring_case(std::string_view(*header).substr(0, 6), "basic "))
        return std::nullopt;
    std::string token(trim(std::string_view(*header).substr(6)));
    std::replace(token.begin(), token.end(), '+', '-');
    std::replace(token.begin(), token.end(), '/', '_');
    while (token.ends_with('=')) token.pop_back();
    const auto text = from_base64url(token);
    const auto colon = text ? text->find(':') : std::string::npos;
    if (colon == std::string::npos) return std::nullopt;
    return BasicCredentials{text->substr(0, colon), text->substr(colon + 1)};
}

std::string basic_authorization(const BasicCredentials& credentials) {
    const auto plain = credentials.user + ":" + credentials.password;
    const std::vector<std::uint8_t> bytes(plain.begin(), plain.end());
    auto token = to_base64url(bytes);
    std::replace(token.begin(), token.end(), '-', '+');
    std::replace(token.begin(), token.end(), '_', '/');
    token.append((4 - token.size() % 4) % 4, '=');
    return "Basic " + token;
}

const std::string* find_value(const std::vector<NameValue>& fields, std::string_view name) {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const auto& each) { return each.name == name; });
    return found == fields.end() ? nullptr : &found->value;
}

std::string media_type(const std::vector<NameValue>& headers) {
    const auto type = header_or_empty(headers, "Content-Type");
    return ascii_lower(trim(std::string_view(type).substr(0, type.find(';'))));
}

bool is_static_resource(const Exchange& exchange) {
    static constexpr std::array<std::string_view, 12> kEndings{".css",   ".js",   ".png", ".gif",
                                                               ".jpg",   ".jpeg", ".svg", ".ico",
                                                               ".woff2", ".woff", ".ttf", ".map"};
    const auto type = media_type(exchange.response.headers);
    if (type.starts_with("image/") || type.starts_with("font/") || type == "text/css" ||
        type.ends_with("javascript"))
        return true;
    const auto path = ascii_lower(split_target(exchange.request.target).path);
    return std::any_of(kEndings.begin(), kEndings.end(),
                       [&](std::string_view ending) { return path.ends_with(ending); });
}

}  // namespace policy::learn
