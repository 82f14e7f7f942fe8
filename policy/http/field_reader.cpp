#include "policy/http/field_reader.h"

#include <cstdint>
#include <cstring>

#include "policy/base/text.h"
#include "policy/base/token_bytes.h"

namespace policy {

namespace {

constexpr std::uint64_t eight(std::uint8_t byte) {
    return 0x0101'0101'0101'0101U * byte;
}

// Looks at eight bytes at once: none below space and none DEL. A tab counts as below; the caller
// looks closer then.
bool are_all_printable(const char* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    const auto below_space = (word - eight(' ')) & ~word;
    const auto delete_is_zero = word ^ eight(0x7F);
    const auto is_delete = (delete_is_zero - eight(1)) & ~delete_is_zero;
    return ((below_space | is_delete) & eight(0x80)) == 0;
}

// RFC 9110 §5.5: VCHAR, obs-text, space, tab.
bool is_value_byte(char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return (byte >= ' ' && byte != 0x7F) || byte == '\t';
}

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

Step read_field(std::string_view input, std::size_t at, std::size_t limit, FieldList& fields) {
    const auto colon = token_end(input, at);
    if (colon - at > limit) return {0, Reason::HeadTooLarge};
    if (colon == input.size()) return {};
    if (colon == at || input[colon] != ':') return stop_at(input, colon, Reason::BadFieldName);

    const auto end = value_end(input, colon + 1);
    if (end - at > limit) return {0, Reason::HeadTooLarge};
    if (line_break_at(input, end) != LineBreak::Complete) {
        return stop_at(input, end, Reason::BadFieldValue);
    }
    fields.add(input.substr(at, colon - at), trim(input.substr(colon + 1, end - colon - 1)));
    return {end + 2};
}

}  // namespace

LineBreak line_break_at(std::string_view input, std::size_t at) {
    if (at >= input.size()) return LineBreak::Incomplete;
    if (input[at] == '\n') return LineBreak::Bare;
    if (input[at] != '\r') return LineBreak::None;
    if (at + 1 == input.size()) return LineBreak::Incomplete;
    return input[at + 1] == '\n' ? LineBreak::Complete : LineBreak::Bare;
}

Step stop_at(std::string_view input, std::size_t at, Reason otherwise) {
    const auto found = line_break_at(input, at);
    if (found == LineBreak::Incomplete) return {};
    return {0, found == LineBreak::Bare ? Reason::BareLineBreak : otherwise};
}

std::size_t token_end(std::string_view input, std::size_t at) {
    while (at < input.size() && kTokenBytes[static_cast<std::uint8_t>(input[at])]) ++at;
    return at;
}

std::size_t value_end(std::string_view input, std::size_t at) {
    while (at < input.size()) {
        while (at + 8 <= input.size() && are_all_printable(input.data() + at)) at += 8;
        if (at == input.size() || !is_value_byte(input[at])) return at;
        ++at;
    }
    return at;
}

Step read_fields(std::string_view input, std::size_t at, const HeadLimits& limits,
                 FieldList& fields) {
    while (at < input.size()) {
        // Also catches whitespace between the start line and the first field (RFC 9112 §2.2).
        if (is_blank(input[at])) return {0, Reason::LineFolding};
        const auto line_break = line_break_at(input, at);
        if (line_break == LineBreak::Complete) return {at + 2};
        if (line_break != LineBreak::None) return stop_at(input, at, Reason::BareLineBreak);
        if (fields.size() == limits.fields) return {0, Reason::TooManyFields};

        const auto step = read_field(input, at, limits.line, fields);
        if (step.next == 0) return step;
        at = step.next;
    }
    return {};
}

}  // namespace policy
