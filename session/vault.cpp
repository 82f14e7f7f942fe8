#include "session/vault.h"

#include <algorithm>
#include <numeric>

#include "policy/base/text.h"
#include "policy/http/set_cookie.h"
#include "session/public_suffix.h"

namespace session {

namespace {

struct Scope {
    std::string domain;
    bool host_only = true;
};

// RFC 6265bis §5.7, domain-attribute. Nothing when the backend may not speak for that domain. A
// public suffix has nothing below it that is its own; an address matches no domain but itself.
std::optional<Scope> scope_of(const policy::SetCookie& cookie, std::string_view host) {
    if (!cookie.domain) return Scope{std::string(host), true};
    auto domain = policy::ascii_lower(*cookie.domain);
    if (!policy::domain_matches(host, domain)) return std::nullopt;
    if (!is_public_suffix(domain)) return Scope{std::move(domain), false};
    if (domain != host) return std::nullopt;
    return Scope{std::move(domain), true};
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
    return policy::equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// RFC 6265bis §4.1.3 and §5.7: what the name promises must be there. `__Http-` and `__Host-Http-`
// are younger: set by a server, and out of reach for scripts.
bool obeys_its_prefix(const policy::SetCookie& cookie, const Scope& scope) {
    const bool is_for_host = scope.host_only && !cookie.domain && cookie.path == "/";
    const auto begins = [&](std::string_view prefix) {
        return starts_with_ignoring_case(cookie.name, prefix);
    };
    if (begins("__Host-Http-")) return cookie.secure && cookie.http_only && is_for_host;
    if (begins("__Host-")) return cookie.secure && is_for_host;
    if (begins("__Http-")) return cookie.secure && cookie.http_only;
    return !begins("__Secure-") || cookie.secure;
}

// RFC 6265bis §5.5: nothing lives longer than 400 days, whatever date it names.
std::optional<policy::Instant> expiry_of(const policy::SetCookie& cookie, policy::Instant now) {
    constexpr std::chrono::seconds kLongest = std::chrono::days{400};
    if (cookie.max_age) return now + *cookie.max_age;
    if (!cookie.expires) return std::nullopt;
    return std::min(*cookie.expires, now + kLongest);
}

std::size_t size_of(const VaultCookie& cookie) {
    return cookie.name.size() + cookie.value.size() + cookie.domain.size() + cookie.path.size();
}

bool is_expired(const VaultCookie& cookie, policy::Instant now) {
    return cookie.expires && *cookie.expires <= now;
}

bool is_same_cookie(const VaultCookie& left, const VaultCookie& right) {
    return left.name == right.name && left.domain == right.domain && left.path == right.path &&
           left.host_only == right.host_only && left.backend == right.backend;
}

bool is_sent_to(const VaultCookie& cookie, const Destination& to) {
    const bool is_its_host = cookie.host_only ? to.host == cookie.domain
                                              : policy::domain_matches(to.host, cookie.domain);
    return is_its_host && to.backend == cookie.backend &&
           policy::path_matches(to.path, cookie.path);
}

// RFC 6265bis §5.8.3 step 2.
bool goes_before(const VaultCookie* left, const VaultCookie* right) {
    if (left->path.size() != right->path.size()) return left->path.size() > right->path.size();
    return left->created < right->created;
}

}  // namespace

bool Vault::apply(std::string_view line, const Destination& from, policy::Instant now,
                  const VaultLimits& limits) {
    const auto parsed = policy::parse_set_cookie(line);
    if (!parsed) return true;
    auto scope = scope_of(*parsed, from.host);
    if (!scope || !obeys_its_prefix(*parsed, *scope)) return true;

    VaultCookie cookie;
    cookie.backend = from.backend;
    cookie.name = parsed->name;
    cookie.value = parsed->value;
    cookie.domain = std::move(scope->domain);
    cookie.host_only = scope->host_only;
    cookie.path = parsed->path.value_or(policy::default_cookie_path(from.path));
    cookie.created = now;
    if (parsed->is_deletion(now)) {
        std::erase_if(cookies_,
                      [&](const VaultCookie& each) { return is_same_cookie(each, cookie); });
        return true;
    }
    cookie.expires = expiry_of(*parsed, now);
    return put(std::move(cookie), now, limits);
}

bool Vault::put(VaultCookie cookie, policy::Instant now, const VaultLimits& limits) {
    std::erase_if(cookies_, [&](const VaultCookie& each) { return is_expired(each, now); });
    const auto known = std::find_if(cookies_.begin(), cookies_.end(), [&](const VaultCookie& each) {
        return is_same_cookie(each, cookie);
    });
    const bool is_new = known == cookies_.end();
    const auto freed = is_new ? 0 : size_of(*known);
    if (is_new && cookies_.size() >= limits.count) return false;
    if (bytes() - freed + size_of(cookie) > limits.bytes) return false;
    if (is_new) {
        cookies_.push_back(std::move(cookie));
        return true;
    }
    cookie.created = known->created;
    *known = std::move(cookie);
    return true;
}

std::string Vault::header(const Destination& to, policy::Instant now) const {
    std::vector<const VaultCookie*> chosen;
    for (const auto& cookie : cookies_) {
        if (!is_expired(cookie, now) && is_sent_to(cookie, to)) chosen.push_back(&cookie);
    }
    if (chosen.size() > 1) std::stable_sort(chosen.begin(), chosen.end(), goes_before);

    std::string header;
    for (const auto* cookie : chosen) {
        if (!header.empty()) header += "; ";
        header.append(cookie->name).append("=").append(cookie->value);
    }
    return header;
}

bool Vault::holds(std::string_view name) const {
    return std::any_of(cookies_.begin(), cookies_.end(),
                       [&](const VaultCookie& each) { return each.name == name; });
}

std::size_t Vault::bytes() const {
    return std::accumulate(
        cookies_.begin(), cookies_.end(), std::size_t{0},
        [](std::size_t sum, const VaultCookie& each) { return sum + size_of(each); });
}

}  // namespace session
