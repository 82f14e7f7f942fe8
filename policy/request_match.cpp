#include "policy/request_match.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/basic_credentials.h"
#include "policy/http/form_scanner.h"

namespace policy {
namespace {

Match match_header(const NamedGlob& wanted, const FieldList& fields) {
    const auto* field = fields.find(wanted.name);
    if (!field) return Match::No;
    if (fields.count(wanted.name) > 1) return Match::Doubtful;
    return match_if(matches_glob(wanted.glob, field->value));
}

Match match_basic(const FieldList& fields) {
    switch (basic_user(fields).state) {
        case BasicUser::State::Absent:
            return Match::No;
        case BasicUser::State::Present:
            return Match::Yes;
        case BasicUser::State::Unreadable:
            break;
    }
    return Match::Doubtful;
}

bool has_path(const RequestPattern& pattern, const Target& target) {
    return pattern.path.empty() || matches_glob(pattern.path, target.path.text()) ||
           (target.folded && matches_glob(pattern.path, target.folded->text()));
}

FormField in_query(std::string_view query, std::string_view name) {
    if (query.empty()) return {};
    FormScanner scanner({std::string(name)});
    scanner.feed(query);
    scanner.finish();
    return scanner.field(name);
}

Match match_method(const RequestPattern& pattern, const RequestFacts& request) {
    const auto& methods = pattern.methods;
    if (methods.empty() ||
        std::find(methods.begin(), methods.end(), request.method) != methods.end())
        return Match::Yes;
    return may_mean_another_method(request) ? Match::Doubtful : Match::No;
}

Match match_field(const FormField& field, std::string_view glob) {
    switch (field.state) {
        case FormField::State::Absent:
            return Match::No;
        case FormField::State::Present:
            return match_if(matches_glob(glob, field.value));
        case FormField::State::Repeated:
        case FormField::State::TooLong:
        case FormField::State::Malformed:
            break;
    }
    return Match::Doubtful;
}

// Names of parameters are folded by backends like those of fields.
Match match_query(const NamedGlob& wanted, std::string_view query) {
    return match_field(in_query(query, wanted.name), wanted.glob);
}

Match match_body(const RequestPattern& pattern, const LoginForm& form) {
    auto match = Match::Yes;
    for (const auto& wanted : pattern.form)
        match = both(match, match_field(form.field(wanted.name), wanted.glob));
    for (const auto& wanted : pattern.json)
        match = both(match, match_field(form.json(wanted.name), wanted.glob));
    // What is not what it says it is may hold anything.
    return form.is_sound() ? match : Match::Doubtful;
}

bool is_for_kind_of(const RequestPattern& pattern, const LoginForm& form) {
    return pattern.json.empty() ? form.kind() == LoginForm::Kind::Form
                                : form.kind() == LoginForm::Kind::Json && pattern.form.empty();
}

RequestVerdict verdict_of(Match match) {
    if (match == Match::No) return RequestVerdict::No;
    return match == Match::Yes ? RequestVerdict::Yes : RequestVerdict::Doubtful;
}

}  // namespace

bool may_mean_another_method(const RequestFacts& request) {
    const auto& fields = *request.fields;
    return fields.find("X-HTTP-Method-Override") || fields.find("X-HTTP-Method") ||
           fields.find("X-Method-Override") ||
           in_query(request.target.query, "_method").state != FormField::State::Absent;
}

Match match_head(const RequestPattern& pattern, const RequestFacts& request) {
    // Most requests are for another path: that is found out at once.
    if (!has_path(pattern, request.target)) return Match::No;
    auto match = match_method(pattern, request);
    if (match == Match::No) return Match::No;
    for (const auto& wanted : pattern.query)
        match = both(match, match_query(wanted, request.target.query));
    for (const auto& wanted : pattern.headers)
        match = both(match, match_header(wanted, *request.fields));
    return pattern.basic ? both(match, match_basic(*request.fields)) : match;
}

RequestVerdict judge_request(const RequestPattern& pattern, const RequestFacts& request,
                             const LoginForm* form) {
    const auto head = match_head(pattern, request);
    if (head == Match::No || !pattern.reads_body()) return verdict_of(head);
    if (!form || !is_for_kind_of(pattern, *form)) return RequestVerdict::Doubtful;
    // A field that is there now may still come a second time.
    if (!form->is_finished()) return RequestVerdict::Open;
    return verdict_of(both(head, match_body(pattern, *form)));
}

RequestVerdict judge_request(const std::vector<RequestPattern>& patterns,
                             const RequestFacts& request, const LoginForm* form) {
    auto verdict = RequestVerdict::No;
    auto elsewise = RequestVerdict::No;  // Of patterns for another kind of body.
    bool is_of_kind = false;
    for (const auto& pattern : patterns) {
        const auto each = judge_request(pattern, request, form);
        const bool fits = !pattern.reads_body() || (form && is_for_kind_of(pattern, *form));
        auto& kept = fits ? verdict : elsewise;
        kept = std::max(kept, each);
        is_of_kind = is_of_kind ||
                     (fits && pattern.reads_body() && match_head(pattern, request) != Match::No);
    }
    return is_of_kind ? verdict : std::max(verdict, elsewise);
}

}  // namespace policy
