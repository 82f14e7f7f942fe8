#include "policy/http/head_reader.h"

#include <algorithm>

#include "policy/http/field_reader.h"

namespace policy {

namespace {

bool is_visible(char c) {
    return c > ' ' && c < '\x7f';
}

std::size_t visible_end(std::string_view input, std::size_t at, std::size_t most) {
    const auto stop = std::min(input.size(), at + most);
    while (at < stop && is_visible(input[at])) ++at;
    return at;
}

// RFC 9112 §2.2: one empty line before the request line is an old client's habit, not an attack.
Step skip_empty_line(std::string_view input) {
    switch (line_break_at(input, 0)) {
        case LineBreak::Complete:
            return {2};
        case LineBreak::Bare:
            return {0, Reason::BareLineBreak};
        case LineBreak::Incomplete:
        case LineBreak::None:
            break;
    }
    return {};
}

Step read_method(std::string_view input, std::size_t at, Method& method) {
    const auto end = token_end(input, at);
    if (end == input.size()) return {};
    if (end == at || input[end] != ' ') return stop_at(input, end, Reason::BadRequestLine);

    const auto token = input.substr(at, end - at);
    if (token == "CONNECT" || token == "TRACE") return {0, Reason::MethodRefused};  // HTP-014
    const auto known = parse_method(token);
    if (!known) return {0, Reason::UnknownMethod};
    method = *known;
    return {end + 1};
}

Step read_target(std::string_view input, std::size_t at, std::size_t limit,
                 std::string_view& target) {
    const auto end = visible_end(input, at, limit + 1);
    if (end - at > limit) return {0, Reason::TargetTooLong};
    if (end == input.size()) return {};
    if (input[end] == ' ' && end > at) {
        target = input.substr(at, end - at);
        return {end + 1};
    }
    // Two blanks, or no version: HTTP/0.9 has no place here.
    const bool is_end = input[end] == ' ' || line_break_at(input, end) != LineBreak::None;
    return stop_at(input, end, is_end ? Reason::BadRequestLine : Reason::BadTarget);
}

Step read_version(std::string_view input, std::size_t at, Version& version) {
    constexpr std::string_view kNewest = "HTTP/1.1";
    const auto end = visible_end(input, at, kNewest.size() + 1);
    const auto token = input.substr(at, end - at);
    const bool is_cut = end == input.size() && token.size() < kNewest.size();
    if (is_cut && kNewest.starts_with(token)) return {};
    if (token != kNewest && token != "HTTP/1.0") {
        const bool is_version = token.starts_with("HTTP/");
        return {0, is_version ? Reason::BadVersion : Reason::BadRequestLine};
    }
    version = token == kNewest ? Version::Http11 : Version::Http10;
    if (line_break_at(input, end) == LineBreak::Complete) return {end + 2};
    return stop_at(input, end, Reason::BadRequestLine);
}

Step read_request_line(std::string_view input, const HeadLimits& limits, RequestHead& head) {
    auto step = skip_empty_line(input);
    if (step.reason != Reason::None) return step;
    step = read_method(input, step.next, head.method);
    if (step.next == 0) return step;
    step = read_target(input, step.next, limits.target, head.target);
    if (step.next == 0) return step;
    return read_version(input, step.next, head.version);
}

}  // namespace

Result<std::size_t> read_request_head(std::string_view input, const HeadLimits& limits,
                                      RequestHead& head) {
    head.fields.clear();
    const auto window = input.substr(0, limits.total);

    auto step = read_request_line(window, limits, head);
    if (step.next != 0) step = read_fields(window, step.next, limits, head.fields);

    if (step.reason != Reason::None) return fail(step.reason);
    if (step.next == 0 && input.size() >= limits.total) return fail(Reason::HeadTooLarge);
    return step.next;
}

}  // namespace policy
