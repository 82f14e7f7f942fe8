#pragma once

// What a login rule needs to see of an exchange, before it has been seen: most exchanges need
// nothing, and nothing is kept of them.

#include "policy/facts.h"
#include "policy/login_rule.h"

namespace gateway {

// Whether the request's body matters, by its line and header fields.
[[nodiscard]] bool needs_body(const policy::LoginRule& rule, const policy::RequestFacts& request);

// Whether the body of the answer matters: to a login, to a request that may confirm one, and for
// logouts and changes of privileges.
[[nodiscard]] bool login_reads_answer(const policy::LoginRule& rule);
[[nodiscard]] bool confirmation_reads_answer(const policy::Confirmation& confirm);
[[nodiscard]] bool events_read_answer(const policy::LoginRule& rule,
                                      const policy::RequestFacts& request);

// Whether the user comes from Basic credentials, or from what the backend says after the login.
[[nodiscard]] bool names_basic_user(const policy::LoginRule& rule);
[[nodiscard]] bool is_named_by_answer(const policy::LoginRule& rule);

// Whether an answer can only meet the pattern by setting a certain cookie.
[[nodiscard]] bool sets_cookie(const policy::ResponsePattern& pattern);

}  // namespace gateway
