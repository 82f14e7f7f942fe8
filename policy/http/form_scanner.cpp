#include "policy/http/form_scanner.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "policy/base/text.h"
#include "policy/http/form_name.h"
#include "policy/http/media_type.h"

namespace policy {

namespace {

constexpr std::string_view kCharset = "_charset_";

}  // namespace

FormScanner::FormScanner(std::vector<std::string> wanted) : wanted_(std::move(wanted)) {
    wanted_.emplace_back(kCharset);
    found_.resize(wanted_.size());
}

void FormScanner::feed(std::string_view bytes) {
    bytes_.feed(bytes);
    while (!bytes.empty()) {
        // Most of a body is in fields that nobody wants: cross those without looking.
        if (part_ == Part::Skip) {
            bytes.remove_prefix(std::min(bytes.find_first_of("&;"), bytes.size()));
            if (bytes.empty()) return;
        }
        take(bytes.front());
        bytes.remove_prefix(1);
    }
}

void FormScanner::finish() {
    if (finished_) return;
    end_pair();
    finished_ = true;
}

bool FormScanner::is_sound() const {
    if (!finished_ || !bytes_.are_sound() || pairs_ > kMaxPairs) return false;
    const auto& charset = field(kCharset);
    return charset.state == FormField::State::Absent ||
           equals_ignoring_case(charset.value, "utf-8");
}

const FormField& FormScanner::field(std::string_view name) const {
    const auto index = index_of(name);
    assert(index < found_.size());
    return found_[index];
}

void FormScanner::take(char c) {
    if (c == '&') return end_pair();
    if (c == ';') return end_pair_for_some();
    if (c == '=' && part_ == Part::Name) return end_name();
    const auto most = part_ == Part::Name ? kMaxName : kMaxValue;
    if (text_.size() == most) {
        overflow_ = true;
        if (part_ == Part::Name) end_name();
        return;
    }
    text_ += c;
}

void FormScanner::end_name() {
    const auto name = overflow_ ? std::nullopt : form_decode(text_);
    current_ = name ? index_of(*name) : wanted_.size();
    if (current_ == wanted_.size()) contest(text_);
    part_ = current_ < wanted_.size() ? Part::Value : Part::Skip;
    text_.clear();
}

void FormScanner::contest(std::string_view raw_name) {
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        if (may_be_taken_for(raw_name, wanted_[i])) found_[i] = {FormField::State::Repeated, {}};
    }
}

void FormScanner::end_pair_for_some() {
    if (part_ == Part::Name && !text_.empty()) end_name();
    if (part_ == Part::Value) found_[current_] = {FormField::State::Repeated, {}};
    part_ = Part::Skip;
    end_pair();
}

void FormScanner::end_pair() {
    if (part_ != Part::Name || !text_.empty()) ++pairs_;
    if (part_ == Part::Name && !text_.empty()) end_name();
    if (part_ == Part::Value) end_value();
    part_ = Part::Name;
    overflow_ = false;
    text_.clear();
}

void FormScanner::end_value() {
    FormField& field = found_[current_];
    if (field.state != FormField::State::Absent) {
        field = {FormField::State::Repeated, {}};
        return;
    }
    if (overflow_) {
        field.state = FormField::State::TooLong;
        return;
    }
    auto value = form_decode(text_);
    field.state = value ? FormField::State::Present : FormField::State::Malformed;
    if (value) field.value = std::move(*value);
}

std::size_t FormScanner::index_of(std::string_view name) const {
    return static_cast<std::size_t>(std::find(wanted_.begin(), wanted_.end(), name) -
                                    wanted_.begin());
}

bool is_readable_form(std::string_view content_type) {
    const auto type = parse_media_type(content_type);
    return type && type->name == "application/x-www-form-urlencoded" && type->is_utf8();
}

}  // namespace policy
