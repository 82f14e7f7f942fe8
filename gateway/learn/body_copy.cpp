#include "gateway/learn/body_copy.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/learn/recording_text.h"

namespace gateway::learn {
namespace {

bool is_text(std::string_view type) {
    if (type == "text/css" || type.ends_with("javascript")) return false;
    return type.empty() || type.starts_with("text/") || type.ends_with("json") ||
           type.ends_with("xml") || type == "application/x-www-form-urlencoded" ||
           type == "multipart/form-data";
}

std::string from_latin1(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            text += c;
        } else {
            text += static_cast<char>(0xC0 | (byte >> 6));
            text += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return text;
}

// A cut may go through the middle of a character.
std::string_view whole_characters(std::string_view text) {
    for (std::size_t cut = 0; cut < 4 && cut <= text.size(); ++cut) {
        const auto shorter = text.substr(0, text.size() - cut);
        if (policy::is_valid_utf8(shorter)) return shorter;
    }
    return text;
}

}  // namespace

void BodyCopy::add(std::string_view bytes) {
    const auto room = policy::learn::kLongestBody - bytes_.size();
    bytes_.append(bytes.substr(0, room));
    is_truncated_ = is_truncated_ || bytes.size() > room;
}

policy::learn::Body BodyCopy::as_text(std::string_view media_type) const {
    policy::learn::Body body;
    const bool is_binary = bytes_.find('\0') != std::string::npos;
    if (!is_text(media_type) || is_binary) {
        body.omitted = !bytes_.empty();
        return body;
    }
    const auto text = is_truncated_ ? whole_characters(bytes_) : std::string_view(bytes_);
    body.text = policy::is_valid_utf8(text) ? std::string(text) : from_latin1(text);
    body.truncated = is_truncated_ || body.text.size() > policy::learn::kLongestBody;
    if (body.text.size() > policy::learn::kLongestBody)
        body.text =
            whole_characters(std::string_view(body.text).substr(0, policy::learn::kLongestBody));
    return body;
}

}  // namespace gateway::learn
