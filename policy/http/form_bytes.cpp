#include "policy/http/form_bytes.h"

namespace policy {

namespace {

bool is_hex_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_visible(char c) {
    return c >= ' ' && c < '\x7f';
}

bool begins_another_format(char c) {
    return c == '{' || c == '[' || c == '"' || c == '<';
}

}  // namespace

void FormBytes::feed(std::string_view bytes) {
    for (const char c : bytes) {
        if (!sound_) return;
        take(c);
    }
}

void FormBytes::take(char c) {
    if (front_ != Front::Passed) take_front(c);
    if (!is_visible(c) || (escaped_ > 0 && !is_hex_digit(c))) sound_ = false;
    if (escaped_ > 0) --escaped_;
    if (c == '%') escaped_ = 2;
}

void FormBytes::take_front(char c) {
    if (c == ' ') return;
    if (begins_another_format(c) || (front_ == Front::Dash && c == '-')) sound_ = false;
    front_ = front_ == Front::Blank && c == '-' ? Front::Dash : Front::Passed;
}

}  // namespace policy
