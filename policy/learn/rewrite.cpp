#include "policy/learn/rewrite.h"

#include "policy/base/text.h"
#include "policy/learn/fields.h"
#include "policy/learn/json.h"

namespace policy::learn {
namespace {

void change_urlencoded(std::string& text, const FieldChange& change) {
    std::string changed;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find('&', at), text.size());
        const auto pair = std::string_view(text).substr(at, end - at);
        const auto fields = urlencoded_fields(pair);
        const auto value = fields.empty() ? std::nullopt : change(fields[0].name, fields[0].value);
        if (at > 0) changed += '&';
        changed +=
            value ? std::string(pair.substr(0, pair.find('='))) + "=" + *value : std::string(pair);
        at = end + 1;
    }
    text = std::move(changed);
}

void change_query(std::string& url, const FieldChange& change) {
    const auto begin = url.find('?');
    if (begin == std::string::npos) return;
    auto query = url.substr(begin + 1);
    change_urlencoded(query, change);
    url.replace(begin + 1, std::string::npos, query);
}

// A value stands between the empty line of its part and the line of the next boundary.
void change_multipart(RecordedRequest& request, const FieldChange& change) {
    auto& body = request.body.text;
    for (const auto& [name, value] : form_fields(request)) {
        const auto changed = change(name, value);
        const auto framed = "\r\n\r\n" + value + "\r\n--";
        const auto part = body.find("name=\"" + name + "\"");
        const auto at = part == std::string::npos ? part : body.find(framed, part);
        if (changed && at != std::string::npos) body.replace(at + 4, value.size(), *changed);
    }
}

void change_scalars(Json& json, const FieldChange& change) {
    for (auto& child : json.children) {
        if (child.key.empty()) child.key = json.key;  // Of a list: what the list is called.
        change_scalars(child, change);
    }
    if (!json.is_scalar()) return;
    if (auto value = change(json.key, json.text)) {
        json.text = std::move(*value);
        json.kind = Json::Kind::Text;
    }
}

void change_json(const std::vector<NameValue>& headers, Body& body, const FieldChange& change) {
    if (json_fields(headers, body).empty()) return;
    auto json = parse_json(body.text);
    if (!json) return;
    bool is_changed = false;
    change_scalars(*json, [&](std::string_view name, std::string_view value) {
        auto changed = change(name, value);
        is_changed = is_changed || changed;
        return changed;
    });
    if (!is_changed) return;
    body.text.clear();
    append_json(body.text, *json);
}

void change_header(std::vector<NameValue>& headers, std::string_view name,
                   const FieldChange& change) {
    for (auto& header : headers) {
        if (equals_ignoring_case(header.name, name)) change_query(header.value, change);
    }
}

bool is_word_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

void change_fields(Exchange& exchange, const FieldChange& change) {
    auto& [step, request, response] = exchange;
    change_query(request.target, change);
    change_header(request.headers, "Referer", change);
    change_header(response.headers, "Location", change);
    const auto type = media_type(request.headers);
    if (type == "application/x-www-form-urlencoded") change_urlencoded(request.body.text, change);
    if (type == "multipart/form-data") change_multipart(request, change);
    change_json(request.headers, request.body, change);
    change_json(response.headers, response.body, change);
}

void change_texts(Exchange& exchange, const TextChange& change) {
    auto& [step, request, response] = exchange;
    change(request.target);
    for (auto& header : request.headers) change(header.value);
    change(request.body.text);
    for (auto& header : response.headers) change(header.value);
    change(response.body.text);
}

void replace_word(std::string& text, std::string_view word, std::string_view with) {
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
        const auto end = at + word.size();
        const bool is_part = (at > 0 && is_word_char(text[at - 1])) ||
                             (end < text.size() && is_word_char(text[end]));
        if (!is_part) text.replace(at, word.size(), with);
        at += is_part ? 1 : with.size();
    }
}

}  // namespace policy::learn
