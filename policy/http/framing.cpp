#include "policy/http/framing.h"

#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "policy/base/text.h"
#include "policy/http/nominations.h"

namespace policy {

namespace {

// What the fields say about the length, before anybody judges it.
struct Lengths {
    std::size_t length_count = 0;
    std::size_t coding_count = 0;
    std::string_view length;
    std::string_view coding;
    bool speaks_of_connection = false;
};

Lengths lengths_of(const FieldList& fields) {
    Lengths lengths;
    for (const Field& field : fields) {
        if (equals_ignoring_case(field.name, "Content-Length")) {
            ++lengths.length_count;
            lengths.length = field.value;
        } else if (equals_ignoring_case(field.name, "Transfer-Encoding")) {
            ++lengths.coding_count;
            lengths.coding = field.value;
        } else if (equals_ignoring_case(field.name, "connection")) {
            lengths.speaks_of_connection = true;
        }
    }
    return lengths;
}

// Stricter than RFC 9110 §8.6: no leading zero, which some parsers read as octal, and nothing
// that a signed 64-bit number cannot hold.
std::optional<std::uint64_t> parse_length(std::string_view text) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    const auto length = parse_decimal(text);
    if (!length || *length > kMost || (text.size() > 1 && text.front() == '0')) return {};
    return length;
}

// RFC 9112 §6.3, stricter: one field of either kind, never both, and `chunked` alone. Nothing
// when the fields say nothing.
Result<std::optional<Framing>> framing_of(const FieldList& fields, Version version) {
    const auto lengths = lengths_of(fields);
    if (lengths.speaks_of_connection && Nominations(fields).are_too_many())
        return fail(Reason::BadConnectionHeader);
    if (lengths.coding_count > 0) {
        if (lengths.length_count > 0) return fail(Reason::ConflictingLengths);
        const bool is_chunked =
            lengths.coding_count == 1 && equals_ignoring_case(lengths.coding, "chunked");
        // An HTTP/1.0 peer does not know the coding; a hop before us may have ignored it.
        if (!is_chunked || version == Version::Http10) return fail(Reason::BadTransferEncoding);
        return Framing{Framing::Kind::Chunked, 0};
    }
    if (lengths.length_count == 0) return std::nullopt;
    if (lengths.length_count > 1) return fail(Reason::ConflictingLengths);
    const auto length = parse_length(lengths.length);
    if (!length) return fail(Reason::BadContentLength);
    return Framing{Framing::Kind::Length, *length};
}

// RFC 9112 §6.3 rule 1.
bool never_has_body(int status) {
    return status < 200 || status == 204 || status == 304;
}

}  // namespace

Result<Framing> request_framing(const RequestHead& head) {
    const auto framing = framing_of(head.fields, head.version);
    if (!framing) return tl::unexpected(framing.error());
    return framing->value_or(Framing{Framing::Kind::None, 0});
}

Result<Framing> response_framing(const ResponseHead& head, Method request) {
    // Also where no body follows: the browser is told this length.
    const auto framing = framing_of(head.fields, head.version);
    if (!framing) {
        return fail(Reason::BackendMalformed, std::string(word(framing.error().reason)));
    }
    if (request == Method::Head || never_has_body(head.status)) return Framing{};
    return framing->value_or(Framing{Framing::Kind::UntilClose, 0});
}

}  // namespace policy
