#include "policy/http/part_head.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/http/media_type.h"

namespace policy {

namespace {

constexpr auto kNone = std::string_view::npos;

// The two fields that browsers write.
struct PartFields {
    std::optional<std::string_view> disposition;
    std::optional<std::string_view> type;
};

bool has_control(std::string_view line) {
    return std::any_of(line.begin(), line.end(),
                       [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

bool read_line(std::string_view line, PartFields& fields) {
    const auto colon = line.find(':');
    if (colon == kNone || has_control(line)) return false;
    const auto name = line.substr(0, colon);
    const bool is_disposition = equals_ignoring_case(name, "Content-Disposition");
    if (!is_disposition && !equals_ignoring_case(name, "Content-Type")) return false;
    auto& field = is_disposition ? fields.disposition : fields.type;
    if (field) return false;
    field = trim(line.substr(colon + 1));
    return true;
}

std::optional<PartFields> read_fields(std::string_view head) {
    constexpr std::string_view kLineEnd = "\r\n";
    PartFields fields;
    for (auto end = kNone - 1; end != kNone;) {
        end = head.find(kLineEnd);
        if (!read_line(head.substr(0, end), fields)) return std::nullopt;
        if (end != kNone) head.remove_prefix(end + kLineEnd.size());
    }
    return fields;
}

bool take_prefix(std::string_view prefix, std::string_view& rest) {
    if (!rest.starts_with(prefix)) return false;
    rest.remove_prefix(prefix.size());
    return true;
}

// Up to the closing quote. Some readers take a backslash in front of it for an escape.
std::optional<std::string_view> take_quoted(std::string_view& rest) {
    const auto end = rest.find('"');
    const auto text = rest.substr(0, end);
    if (end == kNone || text.ends_with('\\')) return std::nullopt;
    rest.remove_prefix(end + 1);
    return text;
}

// Java's file upload decodes `=?utf-8?B?dXNlcg==?=` (RFC 2047); an overlong sequence is a letter
// for lenient decoders; Rack calls a part without a name as its file is called.
bool is_plain_name(std::string_view name) {
    return !name.empty() && name.find('\\') == kNone && name.find("=?") == kNone &&
           is_valid_utf8(name);
}

std::optional<PartHead> read_disposition(std::string_view value) {
    if (!take_prefix("form-data; name=\"", value)) return std::nullopt;
    const auto name = take_quoted(value);
    if (!name || !is_plain_name(*name)) return std::nullopt;
    if (value.empty()) return PartHead{PartHead::Kind::Text, *name};
    if (!take_prefix("; filename=\"", value)) return std::nullopt;
    if (!take_quoted(value) || !value.empty()) return std::nullopt;
    return PartHead{PartHead::Kind::File, *name};
}

// A nested body may have fields of its own.
bool is_expected(const MediaType& type, PartHead::Kind kind) {
    if (kind == PartHead::Kind::Text) return type.name == "text/plain" && type.is_utf8();
    return !type.name.starts_with("multipart/") && !type.name.starts_with("message/");
}

}  // namespace

std::optional<PartHead> read_part_head(std::string_view head) {
    const auto fields = read_fields(head);
    if (!fields || !fields->disposition) return std::nullopt;
    const auto part = read_disposition(*fields->disposition);
    if (!part || !fields->type) return part;
    const auto type = parse_media_type(*fields->type);
    return type && is_expected(*type, part->kind) ? part : std::nullopt;
}

}  // namespace policy
