#include "policy/learn/redact.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "policy/base/text.h"
#include "policy/learn/cookie_lines.h"
#include "policy/learn/fields.h"
#include "policy/learn/html.h"
#include "policy/learn/json.h"
#include "policy/learn/rewrite.h"

namespace policy::learn {
namespace {

constexpr std::size_t kShortestWord = 4;  // Of a password that is looked for in any text.
constexpr std::size_t kShortestId = 8;    // Same, of an id.

using Values = std::set<std::string, std::less<>>;

template <std::size_t N>
bool contains_any(std::string_view name, const std::array<std::string_view, N>& words) {
    const auto lower = ascii_lower(name);
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
}

bool is_token_name(std::string_view name) {
    static constexpr std::array<std::string_view, 4> kWords{"token", "session", "jwt", "secret"};
    return contains_any(name, kWords);
}

// Fields that a person may have typed something into.
std::vector<NameValue> typed_fields(const RecordedRequest& request) {
    auto fields = form_fields(request);
    for (auto& each : json_fields(request.headers, request.body)) fields.push_back(std::move(each));
    for (auto& each : query_fields(request)) fields.push_back(std::move(each));
    return fields;
}

bool names_user(const Exchange& exchange, const std::string& user) {
    const auto fields = typed_fields(exchange.request);
    return std::any_of(fields.begin(), fields.end(), [&](const NameValue& field) {
        return equals_ignoring_case(field.value, user);
    });
}

// What pages put into hidden fields comes back in forms and is no password.
Values served_values(const Recording& recording) {
    Values served;
    for (const auto& exchange : recording.exchanges) {
        for (auto& input : inputs_of(exchange.response.body.text)) {
            if (input.type == "hidden") served.insert(std::move(input.value));
        }
    }
    return served;
}

bool is_same_place(const Exchange& left, const Exchange& right) {
    return left.request.method == right.request.method &&
           split_target(left.request.target).path == split_target(right.request.target).path;
}

class Passwords {
public:
    explicit Passwords(const Recording& recording)
        : user_(recording.user), served_(served_values(recording)) {
        for (const auto& exchange : recording.exchanges) take_named(exchange);
        for (const auto& exchange : recording.exchanges) take_typed(recording, exchange);
        values_.erase("");
    }

    // Whether the field must not be shown.
    [[nodiscard]] bool has(std::string_view name, std::string_view value) const {
        if (value.empty()) return false;
        return is_password_name(name) || (value != user_ && values_.contains(value));
    }

    [[nodiscard]] const Values& values() const { return values_; }
    [[nodiscard]] const std::string& user() const { return user_; }

private:
    void take_named(const Exchange& exchange) {
        for (const auto& [name, value] : typed_fields(exchange.request)) {
            if (is_password_name(name)) values_.insert(value);
        }
        if (const auto basic = basic_credentials(exchange.request)) values_.insert(basic->password);
    }

    void take_typed(const Recording& recording, const Exchange& exchange) {
        const bool is_attempt = exchange.step == Step::Fail || exchange.step == Step::Login;
        if (!is_attempt || !names_user(exchange, user_)) return;
        const auto* other = counterpart(recording, exchange);
        const auto theirs = other ? typed_fields(other->request) : std::vector<NameValue>();
        for (const auto& [name, value] : typed_fields(exchange.request)) {
            const auto* their = find_value(theirs, name);
            const bool is_constant = their && *their == value;
            if (!is_constant && !served_.contains(value) && !equals_ignoring_case(value, user_))
                values_.insert(value);
        }
    }

    const Exchange* counterpart(const Recording& recording, const Exchange& exchange) const {
        const auto& all = recording.exchanges;
        const auto found = std::find_if(all.begin(), all.end(), [&](const Exchange& other) {
            const bool is_attempt = other.step == Step::Fail || other.step == Step::Login;
            return is_attempt && other.step != exchange.step && is_same_place(other, exchange) &&
                   names_user(other, user_);
        });
        return found == all.end() ? nullptr : &*found;
    }

    std::string user_;
    Values served_;
    Values values_;
};

class Aliases {
public:
    // For a value of a place that holds ids only.
    void add(std::string_view value) {
        if (is_tombstone(value) || value == kRedacted) return;
        if (is_alias(value))
            taken_.emplace(value);
        else if (!find_value(ids_, value))
            ids_.push_back({std::string(value), {}});
    }

    // When all are added. What looks like an alias stays, and no other id gets the same.
    void number() {
        std::size_t last = 0;
        for (auto& [id, alias] : ids_) {
            do {
                alias = "c" + std::to_string(++last);
            } while (taken_.contains(alias));
        }
    }

    [[nodiscard]] std::string alias_of(std::string_view value) const {
        const auto* found = find_value(ids_, value);
        return found ? *found : std::string(value);
    }

    // The longest first: one id may be a part of another.
    [[nodiscard]] std::vector<NameValue> words() const {
        std::vector<NameValue> words;
        for (const auto& [id, alias] : ids_) {
            if (id.size() >= kShortestId) words.push_back({id, alias});
            const auto plain = percent_decode(id);
            if (plain && *plain != id && plain->size() >= kShortestId)
                words.push_back({*plain, alias});
        }
        std::stable_sort(words.begin(), words.end(), [](const auto& left, const auto& right) {
            return left.name.size() > right.name.size();
        });
        return words;
    }

private:
    std::vector<NameValue> ids_;  // Value and alias.
    Values taken_;
};

void collect_bearer(const RecordedRequest& request, Aliases& aliases) {
    const auto header = header_or_empty(request.headers, "Authorization");
    const auto blank = header.find(' ');
    if (header.empty() || basic_credentials(request)) return;
    aliases.add(trim(std::string_view(header).substr(blank == std::string::npos ? 0 : blank)));
}

Aliases collect_ids(const Recording& recording) {
    Aliases aliases;
    for (const auto& [step, request, response] : recording.exchanges) {
        for (const auto& [name, value] : sent_cookies(request)) {
            if (value != recording.user) aliases.add(value);
        }
        for (const auto& [name, value] : split_target(request.target).path_parameters)
            aliases.add(value);
        collect_bearer(request, aliases);
        for (const auto& cookie : cookie_lines(response)) {
            if (cookie.value != recording.user) aliases.add(cookie.value);
        }
        for (const auto& [pointer, value] : json_fields(response.headers, response.body)) {
            if (is_token_name(pointer) && value.size() >= kShortestId) aliases.add(value);
        }
    }
    aliases.number();
    return aliases;
}

// `name=value` becomes `name=alias`; what follows the value stays.
std::string with_alias(std::string_view pair, const Aliases& aliases) {
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) return std::string(pair);
    const auto end = std::min(pair.find(';', equals), pair.size());
    const auto value = trim(pair.substr(equals + 1, end - equals - 1));
    return std::string(pair.substr(0, equals + 1)) + aliases.alias_of(value) +
           std::string(pair.substr(end));
}

void alias_cookies(Exchange& exchange, const Aliases& aliases) {
    for (auto& header : exchange.response.headers) {
        if (equals_ignoring_case(header.name, "Set-Cookie"))
            header.value = with_alias(header.value, aliases);
    }
    for (auto& header : exchange.request.headers) {
        if (!equals_ignoring_case(header.name, "Cookie")) continue;
        std::string line;
        for (const auto& [name, value] : sent_cookies({{}, {}, {header}, {}}))
            line += (line.empty() ? "" : "; ") + name + "=" + aliases.alias_of(value);
        header.value = std::move(line);
    }
}

void hide_basic(RecordedRequest& request) {
    auto basic = basic_credentials(request);
    if (!basic) return;
    basic->password = kRedacted;
    for (auto& header : request.headers) {
        if (equals_ignoring_case(header.name, "Authorization"))
            header.value = basic_authorization(*basic);
    }
}

void hide_passwords(Exchange& exchange, const Passwords& passwords) {
    hide_basic(exchange.request);
    change_fields(exchange, [&](std::string_view name, std::string_view value) {
        return passwords.has(name, value) ? std::optional(std::string(kRedacted)) : std::nullopt;
    });
    for (const auto& password : passwords.values()) {
        const bool is_in_name = passwords.user().find(password) != std::string::npos;
        if (password.size() < kShortestWord || is_in_name) continue;
        change_texts(exchange, [&](std::string& text) { replace_word(text, password, kRedacted); });
    }
}

}  // namespace

Recording redact(Recording recording) {
    const Passwords passwords(recording);
    const auto aliases = collect_ids(recording);
    const auto words = aliases.words();
    for (auto& exchange : recording.exchanges) {
        alias_cookies(exchange, aliases);
        for (const auto& [id, alias] : words)
            change_texts(exchange, [&](std::string& text) { replace_word(text, id, alias); });
        hide_passwords(exchange, passwords);
    }
    return recording;
}

bool is_password_name(std::string_view field_name) {
    static constexpr std::array<std::string_view, 5> kWords{"passw", "pwd", "kennwort",
                                                            "passphrase", "secret"};
    const auto lower = ascii_lower(field_name);
    return contains_any(field_name, kWords) || lower == "pass" || lower == "pw" ||
           lower.ends_with("[pass]") || lower.ends_with("_pass") || lower == "pin";
}

bool is_alias(std::string_view text) {
    return text.size() > 1 && text.front() == 'c' && parse_decimal(text.substr(1)).has_value();
}

}  // namespace policy::learn
