// Where the names of users and groups stand, as login rules say it.

#include "config/decode.h"
#include "config/nearest.h"
#include "config/rows.h"
#include "policy/http/reserved_names.h"

namespace config {

namespace {

using policy::AnswerSource;
using policy::AskSource;
using policy::CapturePattern;
using policy::NameSource;
using Part = AnswerSource::Part;

std::optional<CapturePattern> take(CapturePattern::Parsed pattern, const Value& value) {
    if (pattern) return std::move(*pattern);
    value.complain(pattern.error());
    return std::nullopt;
}

void decode_header_source(const Value& value, AnswerSource& source) {
    source.part = Part::Header;
    auto text = value.text();
    if (!text) return;
    if (!policy::is_plain_name(*text))
        value.complain("is no header name of letters, digits and `-`");
    source.name = std::move(*text);
}

// `name` or `name=pattern`.
void decode_cookie_source(const Value& value, AnswerSource& source) {
    source.part = Part::Cookie;
    const auto text = value.text();
    if (!text) return;
    const auto equals = text->find('=');
    source.name = text->substr(0, equals);
    if (equals == std::string::npos) return;
    source.pattern = take(CapturePattern::whole(text->substr(equals + 1)), value);
}

void decode_json_source(const Value& value, AnswerSource& source) {
    source.part = Part::Json;
    auto text = value.text();
    if (!text) return;
    check_pointer(value, *text);
    source.name = std::move(*text);
}

void decode_body_source(const Value& value, AnswerSource& source) {
    source.part = Part::Body;
    const auto text = value.text();
    if (text) source.pattern = take(CapturePattern::within(*text), value);
}

void check_one(const Value& value, std::span<const std::string_view> keys) {
    if (!value.is_map()) return;
    std::size_t there = 0;
    for (const auto key : keys) there += value.find(key) ? 1U : 0U;
    if (there != 1) value.complain("needs exactly one of " + list_of(keys));
}

void decode_answer(const Value& value, std::vector<NameSource>& sources) {
    constexpr std::array<std::string_view, 4> kParts{"header", "cookie", "json", "body"};
    AnswerSource source;
    value.read_keys({
        {"header", [&](const Value& part) { decode_header_source(part, source); }},
        {"cookie", [&](const Value& part) { decode_cookie_source(part, source); }},
        {"json", [&](const Value& part) { decode_json_source(part, source); }},
        {"body", [&](const Value& part) { decode_body_source(part, source); }},
    });
    check_one(value, kParts);
    sources.emplace_back(std::move(source));
}

void decode_ask(const Value& value, std::vector<NameSource>& sources) {
    constexpr std::array<std::string_view, 3> kParts{"header", "json", "body"};
    AskSource source;
    value.read_keys({
        {"path", [&](const Value& part) { source.target = decode_target(part).value_or(""); },
         Need::Required},
        {"header", [&](const Value& part) { decode_header_source(part, source.from); }},
        {"json", [&](const Value& part) { decode_json_source(part, source.from); }},
        {"body", [&](const Value& part) { decode_body_source(part, source.from); }},
    });
    check_one(value, kParts);
    sources.emplace_back(std::move(source));
}

void decode_basic(const Value& value, std::vector<NameSource>& sources) {
    const auto basic = value.flag();
    if (basic && !*basic) value.complain("can only be true");
    sources.emplace_back(policy::BasicSource{});
}

void decode_pointer(const Value& value, std::vector<NameSource>& sources) {
    const auto text = value.text();
    if (!text) return;
    check_pointer(value, *text);
    sources.emplace_back(policy::JsonSource{*text});
}

void decode_source(const Value& value, std::vector<NameSource>& sources) {
    constexpr std::array<std::string_view, 5> kSources{"form", "json", "basic", "answer", "ask"};
    value.read_keys({
        {"form",
         [&](const Value& part) {
             if (auto text = part.text()) sources.emplace_back(policy::FormSource{*text});
         }},
        {"json", [&](const Value& part) { decode_pointer(part, sources); }},
        {"basic", [&](const Value& part) { decode_basic(part, sources); }},
        {"answer", [&](const Value& part) { decode_answer(part, sources); }},
        {"ask", [&](const Value& part) { decode_ask(part, sources); }},
    });
    check_one(value, kSources);
}

}  // namespace

void decode_user(const Value& value, std::vector<NameSource>& sources) {
    each_of(value, [&](const Value& item) { decode_source(item, sources); });
    if (value.is_list() && value.is_empty()) value.complain("is empty");
}

void decode_groups(const Value& value, LoginDraft& login) {
    constexpr std::array<std::string_view, 3> kSources{"answer", "ask", "file"};
    auto& groups = login.rule.groups;
    value.read_keys({
        {"answer", [&](const Value& part) { decode_answer(part, groups.sources); }},
        {"ask", [&](const Value& part) { decode_ask(part, groups.sources); }},
        {"file",
         [&](const Value& part) {
             if (auto file = part.file()) login.groups = {std::move(*file), part.place()};
         }},
        {"separator", text_into(groups.separator)},
    });
    check_one(value, kSources);
}

}  // namespace config
