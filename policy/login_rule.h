#pragma once

// How an unmodified backend shows that somebody logged in or out, who it is and what else happened
// to its session: the shapes of requests and answers (LGN-009, REV-003). Values only; observe.h
// applies them. Globs: `*` stands for any run of characters.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/base/strong.h"
#include "policy/base/time.h"
#include "policy/captured.h"
#include "policy/http/message.h"

namespace policy {

struct NamedGlob {
    std::string name;
    std::string glob;
};

// All parts that are set must match. A parameter, header or field that comes twice is doubtful.
struct RequestPattern {
    std::vector<Method> methods;  // Any of these; empty: any method.
    std::string path;             // Glob over the canonical path; empty: any path.
    std::vector<NamedGlob> query;
    std::vector<NamedGlob> headers;
    std::vector<NamedGlob> form;  // Fields of an urlencoded or multipart form.
    std::vector<NamedGlob> json;  // RFC 6901 pointers into a JSON body.
    bool basic = false;           // Carries Basic credentials (RFC 7617).

    [[nodiscard]] bool reads_body() const { return !form.empty() || !json.empty(); }
};

struct CookieGlob {
    std::string name;
    std::string value = "*";
};

// All parts that are set must match.
struct ResponsePattern {
    enum class Redirect : std::uint8_t { Any, LoginPage, Elsewhere };

    std::vector<int> status;              // Any of these; empty: any status.
    std::optional<std::string> location;  // As sent, or as path and query on our own host.
    Redirect redirect = Redirect::Any;    // Where Location leads.
    std::optional<CookieGlob> set;        // Such a cookie is set, when all lines are applied.
    std::optional<CookieGlob> changed;    // It is set to another value than the one sent.
    std::optional<std::string> deleted;   // A cookie of that name is deleted.
    std::vector<NamedGlob> headers;
    std::optional<std::string> body;    // The text stands in the body.
    std::vector<NamedGlob> json;        // Scalars of a JSON body.
    std::vector<ResponsePattern> all;   // Each of them.
    std::vector<ResponsePattern> any;   // At least one of them, if there are any.
    std::vector<ResponsePattern> none;  // None of them: `not`.

    [[nodiscard]] bool reads_body() const;
};

// Where a name stands.
struct FormSource {
    std::string field;
};
struct JsonSource {
    std::string pointer;
};
struct BasicSource {};
struct AnswerSource {
    enum class Part : std::uint8_t { Header, Cookie, Json, Body };
    Part part = Part::Header;
    std::string name;                       // Of the header or cookie, or the JSON pointer.
    std::optional<CapturePattern> pattern;  // Nothing: the whole value.
};
// A question of ours to the backend after the login, with the session's cookies.
struct AskSource {
    std::string target;  // Origin-form, GET.
    AnswerSource from;
};
using NameSource = std::variant<FormSource, JsonSource, BasicSource, AnswerSource, AskSource>;

struct GroupRules {
    std::vector<NameSource> sources;  // Tried in order.
    std::string separator = ",";      // Between groups in one text.
    std::map<std::string, std::vector<std::string>, std::less<>> of_user;  // The mapping file's.

    [[nodiscard]] bool empty() const { return sources.empty() && of_user.empty(); }
};

// Which names are one when failures are counted. Identity is always the name as it came.
struct CountingRule {
    bool folds_case = true;
    bool trims_ends = true;                    // Blanks and punctuation.
    std::vector<std::string> dropped_domains;  // `ada@example.org` counts as `ada`.
};

// The next request tells what the answer to the login did not.
struct Confirmation {
    std::optional<RequestPattern> when;  // Nothing: where the login's answer redirects to.
    ResponsePattern success;
    std::optional<ResponsePattern> failure;  // Nothing: whatever is not success is failure.
    Duration within = std::chrono::minutes(1);
};

// The parts that are set must hold.
struct LogoutRule {
    std::optional<RequestPattern> when;
    std::optional<ResponsePattern> answer;
};

// A change of privileges: the id rotates (ROT-002).
struct ChangeRule {
    RequestPattern when;
    std::optional<ResponsePattern> answer;
    std::vector<NameSource> user;  // Who it is from then on; empty: the same.
};

// The backend dropped its own session.
struct LostRule {
    enum class Reaction : std::uint8_t {
        Demote,  // The user becomes a stranger under a new id.
        End,
    };
    ResponsePattern answer;
    Reaction reaction = Reaction::Demote;
};

// What a backend is sent when our session has ended and it did not hear of it: its own logout, with
// the vault's cookies.
struct BackendLogout {
    Method method = Method::Get;
    std::string target;  // Origin-form, as browsers see it.
    std::string form;    // The body of a POST: application/x-www-form-urlencoded.
};

struct LoginRule {
    // What becomes of the cookies that the vault held before the login.
    enum class PreLoginCookies : std::uint8_t {
        Send,      // Sent with the login; afterwards only what its answer sets is kept.
        Withhold,  // Not sent: the backend begins a session that nobody can have planted.
        Keep,      // Sent and kept.
    };

    LoginName name;
    std::string rule;  // `file:line` for the audit.
    std::string page;  // Where to send strangers: origin-form; empty when there is none.
    std::vector<RequestPattern> when;  // Any of them is a login.
    std::vector<NameSource> user;      // Tried in order.
    GroupRules groups;
    CountingRule counting;
    ResponsePattern success;
    std::optional<ResponsePattern> failure;  // Nothing: whatever is not success is failure.
    std::optional<Confirmation> confirm;     // `success` then only begins a pending login.
    std::vector<LogoutRule> logouts;         // Any of them.
    std::optional<BackendLogout> backend_logout;
    std::vector<ChangeRule> changes;
    std::optional<LostRule> lost;
    std::vector<RequestPattern> closed;  // Doors that nobody may use; none reads a body.
    PreLoginCookies pre_login_cookies = PreLoginCookies::Send;
    std::size_t body_limit = std::size_t{64} * 1024;  // How much of an answer is read.
};

}  // namespace policy
