#pragma once

// What a recorded request says, taken apart: target, query, form, JSON, Basic credentials, cookies.
// Read as most applications read it; what is ambiguous is for the gateway to refuse, not for the
// one who learns from it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/learn/recording.h"

namespace policy::learn {

// Null when there is none. Names compare without case.
[[nodiscard]] const std::string* find_header(const std::vector<NameValue>& headers,
                                             std::string_view name);
[[nodiscard]] std::string header_or_empty(const std::vector<NameValue>& headers,
                                          std::string_view name);

struct TargetParts {
    std::string path;  // As sent, without path parameters.
    std::string query;
    std::vector<NameValue> path_parameters;  // `;jsessionid=...`
};
// Of a request target, or of a Location: scheme and authority are cut off.
[[nodiscard]] TargetParts split_target(std::string_view target);

// Where the answer's Location leads, resolved against the request (RFC 3986 §5.2); the origin does
// not count. Nothing without a Location.
[[nodiscard]] std::optional<TargetParts> location_of(const Exchange& exchange);

// `path?query`
[[nodiscard]] std::string target_text(const TargetParts& parts);

// `host:port` of an absolute URL; empty for others.
[[nodiscard]] std::string_view authority_of(std::string_view url);

// Pairs of an application/x-www-form-urlencoded text, decoded where that is possible.
[[nodiscard]] std::vector<NameValue> urlencoded_fields(std::string_view text);
[[nodiscard]] std::vector<NameValue> query_fields(const RecordedRequest& request);
// Of an urlencoded or multipart body; files have an empty value. Empty for other bodies.
[[nodiscard]] std::vector<NameValue> form_fields(const RecordedRequest& request);
// Pointers and scalars of a JSON body; empty when it is none.
[[nodiscard]] std::vector<NameValue> json_fields(const std::vector<NameValue>& headers,
                                                 const Body& body);
[[nodiscard]] std::vector<NameValue> sent_cookies(const RecordedRequest& request);

struct BasicCredentials {
    std::string user;
    std::string password;
};
[[nodiscard]] std::optional<BasicCredentials> basic_credentials(const RecordedRequest& request);
[[nodiscard]] std::string basic_authorization(const BasicCredentials& credentials);

// Null when there is none of that name.
[[nodiscard]] const std::string* find_value(const std::vector<NameValue>& fields,
                                            std::string_view name);

// Media type in lower case, without parameters.
[[nodiscard]] std::string media_type(const std::vector<NameValue>& headers);

// Pictures, style sheets, scripts, fonts: nobody logs in or out with them.
[[nodiscard]] bool is_static_resource(const Exchange& exchange);

}  // namespace policy::learn
