#include "session/cookie.h"

#include <algorithm>
#include <array>
#include <utility>

#include "policy/base/text.h"

namespace session {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kTagDomain = "sallyport/session-cookie/v1\0"sv;
constexpr std::string_view kVersion = "v1";
constexpr std::size_t kMaxKeyId = 8;
constexpr std::array kPrefixes = {"__host-"sv, "__secure-"sv, "__http-"sv, "http-"sv};

struct Fields {
    std::string_view signed_part;  // Everything before the last dot.
    std::string_view key_id;
    std::string_view family;
    std::string_view id;
    std::string_view tag;
};

// Takes off the front of `text` what stands before its first dot, and the dot.
std::optional<std::string_view> take_field(std::string_view& text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto field = text.substr(0, dot);
    text.remove_prefix(dot + 1);
    return field;
}

// Looks at lengths only: whether the characters are ours is for the tag to say.
std::optional<Fields> split(std::string_view value) {
    auto rest = value;
    const auto version = take_field(rest);
    const auto key_id = take_field(rest);
    const auto family = take_field(rest);
    const auto id = take_field(rest);
    if (!version || !key_id || !family || !id || *version != kVersion) return std::nullopt;
    if (key_id->empty() || key_id->size() > kMaxKeyId) return std::nullopt;
    if (family->size() != FamilyId::kCharacters || id->size() != SessionId::kCharacters ||
        rest.size() != KeyRing::kTagCharacters) {
        return std::nullopt;
    }
    return Fields{value.substr(0, value.size() - rest.size() - 1), *key_id, *family, *id, rest};
}

policy::Secret join(std::initializer_list<std::string_view> parts) {
    std::size_t size = 0;
    for (const auto part : parts) size += part.size();
    std::string joined;
    joined.reserve(size);  // Growing would leave copies of the id behind.
    for (const auto part : parts) joined += part;
    return policy::Secret(std::move(joined));
}

// What the tag covers. The host stands last, so no two pairs give the same bytes.
std::array<std::string_view, 4> tagged_bytes(std::string_view signed_part, std::string_view host) {
    return {kTagDomain, signed_part, "\0"sv, host};
}

Presented forged() {
    return {Presented::Kind::Forged, std::nullopt, false};
}

std::string_view text_of(policy::SameSite same_site) {
    switch (same_site) {
        case policy::SameSite::None:
            return "None";
        case policy::SameSite::Strict:
            return "Strict";
        case policy::SameSite::Lax:
        case policy::SameSite::Unset:
            break;
    }
    return "Lax";  // Never left to the browser's default (CKI-003).
}

// Some servers and languages trim around names, also by Unicode's idea of a blank.
std::string_view without_blanks(std::string_view name) {
    const auto may_be_blank = [](char c) { return c <= ' ' || c >= '\x7f'; };
    while (!name.empty() && may_be_blank(name.front())) name.remove_prefix(1);
    while (!name.empty() && may_be_blank(name.back())) name.remove_suffix(1);
    return name;
}

// PHP reads these as an underscore: `..Host-` and `_[Host-` were `__Host-` (CVE-2022-31629).
char folded(char c) {
    return c == '.' || c == ' ' || c == '[' ? '_' : policy::ascii_lower(c);
}

// `expected` is folded already.
bool begins_folded(std::string_view name, std::string_view expected) {
    return name.size() >= expected.size() &&
           std::equal(expected.begin(), expected.end(), name.begin(),
                      [](char left, char right) { return left == folded(right); });
}

std::string_view without_prefixes(std::string_view name) {
    for (bool again = true; std::exchange(again, false);) {
        for (const auto prefix : kPrefixes) {
            if (!begins_folded(name, prefix)) continue;
            name.remove_prefix(prefix.size());
            again = true;
        }
    }
    return name;
}

// What is left of a name when all is taken off that some reader may not see.
std::string_view bare(std::string_view name) {
    return without_prefixes(without_blanks(name));
}

std::string folded(std::string_view name) {
    std::string text(name);
    for (auto& c : text) c = folded(c);
    return text;
}

}  // namespace

CookieFormat::CookieFormat(CookieSettings settings, KeyRing keys)
    : settings_(std::move(settings)),
      bare_name_(folded(bare(settings_.name))),
      keys_(std::move(keys)) {}

bool CookieFormat::resembles_ours(std::string_view cookie_name) const {
    // Without any prefix it is another application's business: Flask calls its cookie `session`.
    const auto plain = bare(cookie_name);
    const bool prefixed = plain.size() < cookie_name.size();
    const bool same = plain.size() == bare_name_.size() && begins_folded(plain, bare_name_);
    return same && (prefixed || bare_name_.size() == settings_.name.size());
}

Presented CookieFormat::read(std::span<const policy::CookiePair> cookies,
                             std::string_view host) const {
    const auto is_ours = [&](const policy::CookiePair& each) {
        return each.name == settings_.name;
    };
    const auto ours = std::find_if(cookies.begin(), cookies.end(), is_ours);
    if (ours == cookies.end()) return {};
    if (std::any_of(std::next(ours), cookies.end(), is_ours)) {
        return {Presented::Kind::Ambiguous, std::nullopt, false};
    }
    return read_value(ours->value, host);
}

Presented CookieFormat::read_value(std::string_view value, std::string_view host) const {
    const auto fields = split(value);
    if (!fields) return forged();
    const auto message = tagged_bytes(fields->signed_part, host);
    const auto verdict = keys_.verify(fields->key_id, message, fields->tag);
    if (verdict == KeyRing::Verdict::Forged) return forged();
    const auto family = FamilyId::parse(fields->family);
    auto id = SessionId::parse(fields->id);
    if (!family || !id) return forged();
    return {Presented::Kind::Genuine, Ticket{*family, std::move(*id)},
            verdict == KeyRing::Verdict::GenuineUnderOldKey};
}

std::string CookieFormat::issue(const FamilyId& family, const SessionId& id,
                                std::string_view host) const {
    const auto signed_part =
        join({kVersion, ".", keys_.signing_id(), ".", family.text(), ".", id.reveal()});
    const auto tag = keys_.sign(tagged_bytes(signed_part.reveal(), host));
    return build(join({signed_part.reveal(), ".", tag}).reveal(), Lifetime::BrowserSession);
}

std::string CookieFormat::clear() const {
    return build("", Lifetime::Over);
}

std::string CookieFormat::build(std::string_view value, Lifetime lifetime) const {
    std::string line = settings_.name;
    line.append("=").append(value).append("; Path=/; Secure; HttpOnly; SameSite=");
    line.append(text_of(settings_.same_site));
    if (lifetime == Lifetime::Over) line.append("; Max-Age=0");
    return line;
}

}  // namespace session
