#include "policy/http/reserved_names.h"

#include <algorithm>

#include "policy/base/text.h"

namespace policy {

namespace {

using namespace std::string_view_literals;

constexpr std::array kNames{
    // Who the client is, and where it comes from.
    "forwarded"sv, "forwarded-for"sv, "x-forwarded"sv, "x-real-ip"sv, "x-client-ip"sv,
    "client-ip"sv, "proxy-client-ip"sv, "true-client-ip"sv, "cf-connecting-ip"sv,
    "x-cluster-client-ip"sv, "x-originating-ip"sv, "x-remote-ip"sv, "x-remote-addr"sv,
    "x-remote-user"sv, "remote-user"sv, "x-authenticated-user"sv, "client-cert"sv,
    "client-cert-chain"sv, "x-client-cert"sv, "x-arr-clientcert"sv,

    // What it asked for, and how.
    "x-rewrite-url"sv, "x-http-method"sv, "x-http-method-override"sv, "x-method-override"sv,
    "x-host"sv, "x-scheme"sv, "x-url-scheme"sv, "front-end-https"sv, "x-request-id"sv,
    "proxy"sv,  // httpoxy: CGI makes HTTP_PROXY of it.
};

// Any name that begins so: proxies of one kind say all of the above in fields of one prefix.
constexpr std::array kPrefixes{
    "x-forwarded-"sv, "x-original-"sv, "x-auth-request-"sv, "ssl-client-"sv, "x-ssl-client-"sv,
    "wl-proxy-"sv,    "iv-"sv,
};

constexpr std::array<std::string_view, 9> kHopByHop{
    "connection",        "keep-alive",         "proxy-connection",   "te", "trailer", "upgrade",
    "transfer-encoding", "proxy-authenticate", "proxy-authorization"};

// CGI and WSGI turn both into `_`, so a backend cannot tell them apart (CVE-2025-64484).
char canonical(char c) {
    return c == '_' ? '-' : ascii_lower(c);
}

std::string canonical(std::string_view name) {
    std::string text(name);
    for (char& c : text) c = canonical(c);
    return text;
}

bool begins_with(std::string_view name, std::string_view canonical_prefix) {
    return name.size() >= canonical_prefix.size() &&
           std::equal(canonical_prefix.begin(), canonical_prefix.end(), name.begin(),
                      [](char wanted, char c) { return wanted == canonical(c); });
}

// A bit for each length; the last one stands for all that are longer.
std::uint32_t bit_of(std::size_t size) {
    return 1U << std::min<std::size_t>(size, 31);
}

constexpr std::uint32_t kHopByHopSizes = [] {
    std::uint32_t sizes = 0;
    for (const auto name : kHopByHop) sizes |= 1U << name.size();
    return sizes;
}();

}  // namespace

ReservedNames::ReservedNames(const std::vector<std::string>& identity) {
    for (const auto name : kNames) add(name);
    for (const auto& name : identity) add(name);
    for (const auto prefix : kPrefixes) {
        sizes_by_first_[slot_of(prefix)] |= ~(bit_of(prefix.size()) - 1);
    }
}

void ReservedNames::add(std::string_view name) {
    if (name.empty()) return;
    names_.push_back(canonical(name));
    sizes_by_first_[slot_of(name)] |= bit_of(name.size());
}

std::size_t ReservedNames::slot_of(std::string_view name) {
    return static_cast<std::uint8_t>(canonical(name.front())) % kSlots;
}

bool ReservedNames::contains(std::string_view name) const {
    if (name.empty() || (sizes_by_first_[slot_of(name)] & bit_of(name.size())) == 0) return false;
    const auto is_name = [name](const std::string& reserved) {
        return reserved.size() == name.size() && begins_with(name, reserved);
    };
    const auto is_prefix = [name](std::string_view prefix) { return begins_with(name, prefix); };
    return std::any_of(names_.begin(), names_.end(), is_name) ||
           std::any_of(kPrefixes.begin(), kPrefixes.end(), is_prefix);
}

bool is_hop_by_hop(std::string_view name) {
    if (name.size() > 31 || (kHopByHopSizes & bit_of(name.size())) == 0) return false;
    return std::any_of(kHopByHop.begin(), kHopByHop.end(),
                       [name](std::string_view hop) { return equals_ignoring_case(name, hop); });
}

bool is_plain_name(std::string_view name) {
    const auto is_plain = [](char c) {
        const char lower = ascii_lower(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), is_plain);
}

}  // namespace policy
