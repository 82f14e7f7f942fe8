#include "policy/http/multipart_scanner.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "policy/base/text.h"
#include "policy/http/form_name.h"
#include "policy/http/media_type.h"
#include "policy/http/part_head.h"

namespace policy {

namespace {

constexpr auto kNone = std::string_view::npos;
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kBeforeBoundary = "\r\n--";
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::size_t kSlice = 4096;

// RFC 7578 §4.6: its value is the charset of all the others.
constexpr std::string_view kCharset = "_charset_";

// For a reader that decodes nothing.
std::string as_literal(std::string_view name) {
    std::string encoded;
    for (const char c : name) {
        if (c == '%' || c == '+')
            encoded += c == '%' ? "%25" : "%2B";
        else
            encoded += c;
    }
    return encoded;
}

FormField text_field(std::string value) {
    if (value.size() > FormScanner::kMaxValue) return {FormField::State::TooLong, {}};
    if (!is_valid_utf8(value) || value.find('\0') != kNone)
        return {FormField::State::Malformed, {}};
    return {FormField::State::Present, std::move(value)};
}

bool is_boundary_char(char c) {
    const char lower = ascii_lower(c);
    const bool is_letter = lower >= 'a' && lower <= 'z';
    return is_letter || (c >= '0' && c <= '9') || std::string_view("'+_-.").find(c) != kNone;
}

}  // namespace

MultipartScanner::MultipartScanner(std::string_view boundary, std::vector<std::string> wanted)
    // The line end belongs to the delimiter, but in front of the first there is none.
    : boundary_(boundary), wanted_(std::move(wanted)), pending_(kLineEnd) {
    wanted_.emplace_back(kCharset);
    found_.resize(wanted_.size());
}

void MultipartScanner::feed(std::string_view bytes) {
    while (!bytes.empty() && stage_ != Stage::Unsound) {
        const auto slice = bytes.substr(0, kSlice);
        bytes.remove_prefix(slice.size());
        pending_ += slice;
        std::string_view rest = pending_;
        while (step(rest)) continue;
        pending_.erase(0, pending_.size() - rest.size());
    }
}

void MultipartScanner::finish() {
    if (finished_) return;
    finished_ = true;
    if (stage_ != Stage::End || (!pending_.empty() && pending_ != kLineEnd)) give_up();
    const auto& charset = field(kCharset);
    const bool is_utf8 =
        charset.state == FormField::State::Absent || equals_ignoring_case(charset.value, "utf-8");
    if (!is_utf8) give_up();
}

const FormField& MultipartScanner::field(std::string_view name) const {
    const auto index = index_of(name);
    assert(index < found_.size());
    return found_[index];
}

bool MultipartScanner::step(std::string_view& rest) {
    switch (stage_) {
        case Stage::Content:
            return read_content(rest);
        case Stage::Delimiter:
            return read_delimiter(rest);
        case Stage::Head:
            return read_head(rest);
        case Stage::End:
            if (!kLineEnd.starts_with(rest)) give_up();
            break;
        case Stage::Unsound:
            break;
    }
    return false;
}

// The boundary counts wherever it stands: readers differ on what has to be in front of it.
bool MultipartScanner::read_content(std::string_view& rest) {
    const auto at = rest.find(boundary_);
    const auto before = rest.substr(0, at);
    if (at != kNone && !before.ends_with(kBeforeBoundary)) {
        give_up();
        return false;
    }
    // What may be the beginning of a delimiter is no content yet.
    const auto tail = kBeforeBoundary.size() + (at == kNone ? boundary_.size() - 1 : 0);
    const auto content = before.substr(0, before.size() - std::min(tail, before.size()));
    take(content);
    if (at != kNone) end_part();
    rest.remove_prefix(at == kNone ? content.size() : at + boundary_.size());
    return at != kNone && stage_ != Stage::Unsound;
}

bool MultipartScanner::read_delimiter(std::string_view& rest) {
    if (rest.size() < kLineEnd.size()) return false;
    const auto end = rest.substr(0, kLineEnd.size());
    if (end != kLineEnd && end != "--") {
        give_up();
        return false;
    }
    rest.remove_prefix(end.size());
    stage_ = end == kLineEnd ? Stage::Head : Stage::End;
    return true;
}

bool MultipartScanner::read_head(std::string_view& rest) {
    const auto end = rest.find(kHeadEnd);
    if (std::min(end, rest.size()) > kMaxHead) give_up();
    if (end == kNone || stage_ == Stage::Unsound) return false;
    begin_part(rest.substr(0, end));
    rest.remove_prefix(end + kHeadEnd.size());
    return stage_ != Stage::Unsound;
}

void MultipartScanner::begin_part(std::string_view head) {
    const auto part = read_part_head(head);
    if (!part || head.find(boundary_) != kNone || ++parts_ > kMaxParts) return give_up();
    current_ = part->kind == PartHead::Kind::Text ? index_of(part->name) : wanted_.size();
    if (current_ == wanted_.size()) contest(part->name);
    stage_ = Stage::Content;
}

void MultipartScanner::contest(std::string_view name) {
    const auto literal = as_literal(name);
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        if (may_be_taken_for(name, wanted_[i]) || may_be_taken_for(literal, wanted_[i]))
            found_[i] = {FormField::State::Repeated, {}};
    }
}

void MultipartScanner::take(std::string_view content) {
    if (parts_ == 0 && !content.empty()) return give_up();  // A preamble.
    if (parts_ == 0 || current_ == wanted_.size()) return;
    value_ += content.substr(0, FormScanner::kMaxValue + 1 - value_.size());
}

void MultipartScanner::end_part() {
    if (stage_ == Stage::Unsound) return;
    stage_ = Stage::Delimiter;
    if (parts_ == 0 || current_ == wanted_.size()) return;
    auto& field = found_[current_];
    const bool is_first = field.state == FormField::State::Absent;
    field = is_first ? text_field(std::move(value_)) : FormField{FormField::State::Repeated, {}};
    value_.clear();
}

void MultipartScanner::give_up() {
    stage_ = Stage::Unsound;
    for (auto& field : found_) {
        if (field.state == FormField::State::Absent || field.state == FormField::State::Present)
            field = {FormField::State::Malformed, {}};
    }
}

std::size_t MultipartScanner::index_of(std::string_view name) const {
    return static_cast<std::size_t>(std::find(wanted_.begin(), wanted_.end(), name) -
                                    wanted_.begin());
}

std::optional<std::string> multipart_boundary(std::string_view content_type) {
    constexpr std::size_t kLongest = 70;
    const auto type = parse_media_type(content_type);
    if (!type || type->name != "multipart/form-data" || type->parameters.size() != 1)
        return std::nullopt;
    const auto* boundary = type->parameter("boundary");
    if (!boundary || boundary->empty() || boundary->size() > kLongest) return std::nullopt;
    if (!std::all_of(boundary->begin(), boundary->end(), is_boundary_char)) return std::nullopt;
    return *boundary;
}

}  // namespace policy
