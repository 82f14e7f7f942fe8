#include "policy/who.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/basic_credentials.h"
#include "policy/http/references.h"
#include "policy/http/set_cookie.h"

namespace policy {
namespace {

enum class Told : std::uint8_t {
    Nothing,  // The source is not there: the next one may be.
    Name,
    Unreadable,  // It is there and cannot be believed.
};

struct Saying {
    Told told = Told::Nothing;
    std::vector<std::string> names;
};

Saying names(std::string text) {
    return {Told::Name, {std::move(text)}};
}

Saying of_field(const FormField& field) {
    if (field.state == FormField::State::Absent) return {};
    if (field.state == FormField::State::Present) return names(field.value);
    return {Told::Unreadable, {}};
}

Saying of_basic(const BasicUser& user) {
    if (user.state == BasicUser::State::Absent) return {};
    if (user.state == BasicUser::State::Present) return names(user.name);
    return {Told::Unreadable, {}};
}

Saying of_value(const AnswerSource& source, std::string_view value) {
    if (!source.pattern) return names(std::string(value));
    const auto captured = source.pattern->capture(value);
    return captured.state == FormField::State::Present ? names(captured.value)
                                                       : Saying{Told::Unreadable, {}};
}

Saying of_header(const AnswerSource& source, const ResponseFacts& response) {
    const auto* field = response.fields ? response.fields->find(source.name) : nullptr;
    if (!field) return {};
    if (response.fields->count(source.name) > 1) return {Told::Unreadable, {}};
    return of_value(source, field->value);
}

// The value that the last line of that name sets.
Saying of_cookie(const AnswerSource& source, const ResponseFacts& response, Instant now) {
    std::optional<SetCookie> last;
    for (const auto line : response.set_cookies) {
        const auto cookie = parse_set_cookie(line);
        if (cookie && cookie->name == source.name) last = cookie;
    }
    if (!last || last->is_deletion(now)) return {};
    const auto value = percent_decode(last->value);
    return value ? of_value(source, *value) : Saying{Told::Unreadable, {}};
}

Saying of_json(const AnswerSource& source, const AnswerBody& body) {
    if (body.state != AnswerBody::State::Whole) return {Told::Unreadable, {}};
    JsonScanner json({source.name}, JsonAuthor::Backend);
    json.feed(body.text);
    json.finish();
    if (!json.is_sound()) return {Told::Unreadable, {}};
    const auto& texts = json.texts(source.name);
    if (!texts.empty()) return {Told::Name, texts};
    return of_field(json.field(source.name));
}

bool is_html(const ResponseFacts& response) {
    const auto* type = response.fields ? response.fields->find("Content-Type") : nullptr;
    return type && ascii_lower(type->value).find("html") != std::string::npos;
}

Saying of_body(const AnswerSource& source, const ResponseFacts& response) {
    const auto state = response.body.state;
    // What was cut off might have gone on to name somebody else.
    const bool is_readable = state == AnswerBody::State::Whole || state == AnswerBody::State::Begun;
    if (!is_readable) return {Told::Unreadable, {}};
    const auto found = source.pattern->capture(response.body.text);
    if (found.state == FormField::State::Absent) {
        const bool is_all = state == AnswerBody::State::Whole;
        return {is_all ? Told::Nothing : Told::Unreadable, {}};
    }
    if (found.state != FormField::State::Present) return {Told::Unreadable, {}};
    if (!is_html(response)) return names(found.value);
    auto text = decode_references(found.value);
    return text ? names(std::move(*text)) : Saying{Told::Unreadable, {}};
}

Saying of_answer(const AnswerSource& source, const ResponseFacts& response, Instant now) {
    switch (source.part) {
        case AnswerSource::Part::Header:
            return of_header(source, response);
        case AnswerSource::Part::Cookie:
            return of_cookie(source, response, now);
        case AnswerSource::Part::Json:
            return of_json(source, response.body);
        case AnswerSource::Part::Body:
            break;
    }
    return of_body(source, response);
}

const AskedAnswer* answer_to(const AskSource& source, std::span<const AskedAnswer> asked) {
    const auto found = std::find_if(asked.begin(), asked.end(), [&](const AskedAnswer& each) {
        return each.target == source.target;
    });
    return found == asked.end() ? nullptr : &*found;
}

// Only what a success says is believed: an error page may name anybody.
Saying of_asked(const AskSource& source, const AskedAnswer& answer, Instant now) {
    if (answer.status / 100 != 2) return {Told::Unreadable, {}};
    return of_answer(source.from, {answer.status, {}, {}, &answer.fields, answer.body}, now);
}

bool has_body(const FieldList& fields) {
    const auto* length = fields.find("Content-Length");
    return fields.find("Transfer-Encoding") || (length && length->value != "0");
}

// Whom the request itself names. A body that is not what it says, or that cannot be read, may name
// anybody: some backend may be able to read it.
Saying of_request(const NameSource& source, const LoginForm* form, const RequestFacts& request) {
    if (std::holds_alternative<BasicSource>(source)) return of_basic(basic_user(*request.fields));
    if (form ? !form->is_sound() : has_body(*request.fields)) return {Told::Unreadable, {}};
    if (!form) return {};
    if (const auto* field = std::get_if<FormSource>(&source))
        return of_field(form->field(field->field));
    return of_field(form->json(std::get<JsonSource>(source).pointer));
}

bool is_of_request(const NameSource& source) {
    return !std::holds_alternative<AnswerSource>(source) &&
           !std::holds_alternative<AskSource>(source);
}

Saying of_source(const NameSource& source, const Evidence& evidence) {
    if (const auto* answer = std::get_if<AnswerSource>(&source))
        return of_answer(*answer, evidence.response, evidence.now);
    return of_request(source, evidence.form, evidence.request);
}

// Credentials beside a form: which of the two did the backend go by?
bool is_contested(const Saying& saying, const std::vector<NameSource>& sources,
                  const Evidence& evidence) {
    return std::any_of(sources.begin(), sources.end(), [&](const NameSource& source) {
        if (!is_of_request(source)) return false;
        const auto other = of_source(source, evidence);
        return other.told != Told::Nothing && other.names != saying.names;
    });
}

bool is_of_readable_kind(const FieldList& fields) {
    const auto* type = fields.find("Content-Type");
    const auto kind = type ? ascii_lower(type->value) : std::string();
    return kind.find("form") != std::string::npos || kind.find("json") != std::string::npos;
}

}  // namespace

Named read_names(const std::vector<NameSource>& sources, const Evidence& evidence) {
    for (const auto& source : sources) {
        const auto* ask = std::get_if<AskSource>(&source);
        const auto* answer = ask ? answer_to(*ask, evidence.asked) : nullptr;
        if (ask && !answer) return {{}, ask};
        auto saying = ask ? of_asked(*ask, *answer, evidence.now) : of_source(source, evidence);
        if (saying.told == Told::Unreadable) return {};
        if (saying.told == Told::Nothing) continue;
        if (is_of_request(source) && is_contested(saying, sources, evidence)) return {};
        return {std::move(saying.names), nullptr};
    }
    return {};
}

bool may_name_somebody(const std::vector<NameSource>& sources, const LoginForm* form,
                       const RequestFacts& request) {
    return std::any_of(sources.begin(), sources.end(), [&](const NameSource& source) {
        if (!is_of_request(source)) return false;
        const bool is_in_body = !std::holds_alternative<BasicSource>(source);
        if (is_in_body && !form && !is_of_readable_kind(*request.fields)) return false;
        return of_request(source, form, request).told != Told::Nothing;
    });
}

std::optional<UserName> parse_user_name(std::string_view text) {
    constexpr std::size_t kLongest = 256;
    const bool is_blank = text.find_first_not_of(' ') == std::string_view::npos;
    const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (is_blank || text.size() > kLongest || has_control || !is_valid_utf8(text))
        return std::nullopt;
    return UserName{std::string(text)};
}

std::vector<std::string> parse_groups(const std::vector<std::string>& texts,
                                      std::string_view separator) {
    constexpr std::size_t kMost = 100;
    std::vector<std::string> groups;
    for (const std::string_view text : texts) {
        for (std::size_t begin = 0; begin <= text.size() && groups.size() < kMost;) {
            const auto end = std::min(text.find(separator, begin), text.size());
            const auto name = parse_user_name(trim(text.substr(begin, end - begin)));
            begin = end + separator.size();
            if (!name || std::find(groups.begin(), groups.end(), name->text()) != groups.end())
                continue;
            groups.push_back(name->text());
        }
    }
    return groups;
}

}  // namespace policy
