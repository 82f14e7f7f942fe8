#include "session/cookie.h"

#include <algorithm>
#include <array>
#include <utility>

#include "policy/base/text.h"

namespace session {

namespace {

using namespace std::string_view_literals;

constexpr std::array kPrefixes = {"__host-"sv, "__secure-"sv, "__http-"sv, "http-"sv};

Presented forged() {
    return {Presented::Kind::Forged, std::nullopt, false, true};
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
      write_name_(settings_.name + "-write"),
      kept_name_(settings_.name + "-data"),
      bare_name_(folded(bare(settings_.name))),
      bare_write_name_(folded(bare(write_name_))),
      bare_kept_name_(folded(bare(kept_name_))),
      tokens_(std::move(keys)) {}

bool CookieFormat::resembles_ours(std::string_view cookie_name) const {
    // Without any prefix it is another application's business: Flask calls its cookie `session`.
    const auto plain = bare(cookie_name);
    const bool prefixed = plain.size() < cookie_name.size();
    const bool has_prefix = bare_name_.size() < settings_.name.size();
    const auto is = [&](const std::string& ours) {
        return plain.size() == ours.size() && begins_folded(plain, ours);
    };
    return (is(bare_name_) || is(bare_write_name_) || is(bare_kept_name_)) &&
           (prefixed || !has_prefix);
}

Presented CookieFormat::read(std::span<const policy::CookiePair> cookies,
                             std::string_view host) const {
    const auto named = [&](const std::string& name) {
        return std::find_if(cookies.begin(), cookies.end(),
                            [&](const policy::CookiePair& each) { return each.name == name; });
    };
    const auto ours = named(settings_.name);
    if (ours == cookies.end()) return {};
    if (std::any_of(std::next(ours), cookies.end(),
                    [&](const policy::CookiePair& each) { return each.name == settings_.name; })) {
        return {Presented::Kind::Ambiguous, std::nullopt, false, true};
    }
    auto token = tokens_.read(TokenFormat::Use::Cookie, ours->value, host);
    if (!token) return forged();
    const auto proof = named(write_name_);
    const auto proofs =
        std::count_if(cookies.begin(), cookies.end(),
                      [&](const policy::CookiePair& each) { return each.name == write_name_; });
    const bool may_write = !settings_.has_write_cookie ||
                           (proofs == 1 && tokens_.proves(proof->value, token->ticket, host));
    return {Presented::Kind::Genuine, std::move(token->ticket), token->under_old_key, may_write};
}

Presented CookieFormat::read_header(std::string_view value, std::string_view host) const {
    auto token = tokens_.read(TokenFormat::Use::Header, value, host);
    if (!token) return forged();
    return {Presented::Kind::Genuine, std::move(token->ticket), token->under_old_key, true};
}

std::string CookieFormat::header_value(const FamilyId& family, const SessionId& id,
                                       std::string_view host) const {
    return std::string(tokens_.make(TokenFormat::Use::Header, family, id, host).reveal());
}

std::string CookieFormat::issue(const FamilyId& family, const SessionId& id, std::string_view host,
                                Lifetime lifetime) const {
    const auto token = tokens_.make(TokenFormat::Use::Cookie, family, id, host);
    return build(settings_.name, token.reveal(), settings_.same_site, lifetime);
}

std::string CookieFormat::clear() const {
    return build(settings_.name, "", settings_.same_site, std::chrono::seconds(0));
}

std::string CookieFormat::issue_write(const FamilyId& family, const SessionId& id,
                                      std::string_view host, Lifetime lifetime) const {
    return build(write_name_, tokens_.make_proof(family, id, host), policy::SameSite::Strict,
                 lifetime);
}

std::string CookieFormat::clear_write() const {
    return build(write_name_, "", policy::SameSite::Strict, std::chrono::seconds(0));
}

// Of two neither is believed: the session is unknown then.
std::string_view CookieFormat::read_kept(std::span<const policy::CookiePair> cookies) const {
    std::string_view kept;
    std::size_t found = 0;
    for (const auto& [name, value] : cookies) {
        if (name != kept_name_) continue;
        kept = value;
        ++found;
    }
    return found == 1 ? kept : std::string_view{};
}

std::string CookieFormat::issue_kept(std::string_view kept, Lifetime lifetime) const {
    return build(kept_name_, kept, settings_.same_site, lifetime);
}

std::string CookieFormat::clear_kept() const {
    return build(kept_name_, "", settings_.same_site, std::chrono::seconds(0));
}

std::string CookieFormat::build(std::string_view name, std::string_view value,
                                policy::SameSite same_site, Lifetime lifetime) const {
    std::string line(name);
    line.append("=").append(value).append("; Path=/; Secure; HttpOnly; SameSite=");
    line.append(text_of(same_site));
    if (lifetime) line.append("; Max-Age=").append(std::to_string(lifetime->count()));
    return line;
}

}  // namespace session
