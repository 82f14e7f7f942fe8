#include <algorithm>
#include <string>

#include "policy/http/field_reader.h"
#include "policy/http/head_reader.h"

namespace policy {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// `text` so far agrees with `HTTP/1.x ddd`, where x is 0 or 1.
bool fits_status_line(std::string_view text) {
    constexpr std::string_view kShape = "HTTP/1.x ddd";
    for (std::size_t i = 0; i < std::min(text.size(), kShape.size()); ++i) {
        const bool fits = kShape[i] == 'x'   ? text[i] == '0' || text[i] == '1'
                          : kShape[i] == 'd' ? is_digit(text[i])
                                             : text[i] == kShape[i];
        if (!fits) return false;
    }
    return true;
}

int three_digits(std::string_view text) {
    return (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
}

// RFC 9112 §4. The phrase may be missing, and the blank before it too: old servers do that.
Step read_status_line(std::string_view input, std::size_t limit, ResponseHead& head) {
    constexpr std::size_t kStatusEnd = 12;
    if (!fits_status_line(input)) return {0, Reason::BadVersion};
    if (input.size() <= kStatusEnd) return {};

    head.version = input[7] == '1' ? Version::Http11 : Version::Http10;
    head.status = three_digits(input.substr(9, 3));
    const bool has_phrase = input[kStatusEnd] == ' ';
    const auto end = has_phrase ? value_end(input, kStatusEnd) : kStatusEnd;
    if (end > limit) return {0, Reason::HeadTooLarge};
    if (line_break_at(input, end) != LineBreak::Complete) {
        return stop_at(input, end, Reason::BadFieldValue);
    }
    if (head.status < 100 || head.status > 599) return {0, Reason::BadVersion};
    return {end + 2};
}

tl::unexpected<Error> malformed(Reason reason) {
    return fail(Reason::BackendMalformed, std::string(word(reason)));
}

}  // namespace

Result<std::size_t> read_response_head(std::string_view input, const HeadLimits& limits,
                                       ResponseHead& head) {
    head.fields.clear();
    const auto window = input.substr(0, limits.total);

    auto step = read_status_line(window, limits.line, head);
    if (step.next != 0) step = read_fields(window, step.next, limits, head.fields);

    if (step.reason != Reason::None) return malformed(step.reason);
    if (step.next == 0 && input.size() >= limits.total) return malformed(Reason::HeadTooLarge);
    return step.next;
}

}  // namespace policy
