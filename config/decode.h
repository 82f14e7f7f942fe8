#pragma once

// Sections of the policy into the draft, one function each. A section looks at nothing but
// itself; what concerns several is for check.h.

#include <vector>

#include "config/draft.h"
#include "config/value.h"
#include "policy/login_rule.h"

namespace config {

void decode_policy(const Value& root, Draft& draft);

void decode_listeners(const Value& value, Draft& draft);
void decode_trusted_proxies(const Value& value, Draft& draft);
void decode_limits(const Value& value, Draft& draft);
void decode_session(const Value& value, Draft& draft);
// The keys of the session section, and of its cookie, that say how long they live; and what can
// only be said when all are read.
[[nodiscard]] std::vector<Key> session_life_keys(Draft& draft);
[[nodiscard]] std::vector<Key> cookie_life_keys(session::CookieSettings& cookie);
void check_session_life(const Value& value, Draft& draft);
void decode_session_keys(const Value& value, Draft& draft);
void decode_store(const Value& value, Draft& draft);
void decode_binding(const Value& value, Draft& draft);
void decode_path_parameters(const Value& value, Draft& draft);
void decode_backends(const Value& value, Draft& draft);
void decode_logins(const Value& value, Draft& draft);
void decode_routes(const Value& value, Draft& draft);
void decode_detection(const Value& value, Draft& draft);
void decode_audit(const Value& value, Draft& draft);
void decode_admin(const Value& value, Draft& draft);

// The keys of a request pattern. The targets must outlive their use.
[[nodiscard]] std::vector<Key> request_keys(policy::RequestPattern& pattern, PlacedPath& path);
void decode_request_pattern(const Value& value, policy::RequestPattern& pattern, PlacedPath& path);
void check_body(const Value& value, const policy::RequestPattern& pattern);
// The methods of `pattern` must be such that carry a body.
void check_body_methods(const Value& value, const policy::RequestPattern& pattern);

// `depth` counts the conditions around this one.
void decode_response_pattern(const Value& value, policy::ResponsePattern& pattern,
                             std::size_t depth = 0);
void decode_user(const Value& value, std::vector<policy::NameSource>& sources);
void decode_groups(const Value& value, LoginDraft& login);

[[nodiscard]] std::function<void(const Value&)> named_globs_into(
    std::vector<policy::NamedGlob>& globs);
[[nodiscard]] std::function<void(const Value&)> header_globs_into(
    std::vector<policy::NamedGlob>& globs);
[[nodiscard]] std::function<void(const Value&)> json_globs_into(
    std::vector<policy::NamedGlob>& globs);
void check_pointer(const Value& value, std::string_view pointer);

// A path that rules compare with: canonical, unambiguous, without a query.
[[nodiscard]] PlacedPath decode_path(const Value& value);

// A path of the same host, perhaps with a query, in origin-form.
[[nodiscard]] std::optional<std::string> decode_target(const Value& value);

// Whether a header of that name has a meaning of its own already.
[[nodiscard]] bool is_taken(std::string_view name);

// A name that other sections may refer to: letters, digits, `-`, `_` and `.`.
void check_name(const Value& value);

}  // namespace config
