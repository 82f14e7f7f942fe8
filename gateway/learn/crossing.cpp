#include "gateway/learn/crossing.h"

#include <vector>

#include "policy/base/text.h"
#include "policy/learn/fields.h"

namespace gateway::learn {

namespace http = boost::beast::http;

namespace {

void erase_connection_fields(http::fields& head) {
    std::vector<std::string> named;
    policy::for_each_list_item(std::string(head[http::field::connection]),
                               [&](std::string_view name) { named.emplace_back(name); });
    for (const auto& name : named) {
        const bool is_framing = policy::equals_ignoring_case(name, "transfer-encoding") ||
                                policy::equals_ignoring_case(name, "content-length");
        if (!is_framing) head.erase(name);
    }
    for (const char* name : {"Connection", "Keep-Alive", "Proxy-Connection", "TE", "Upgrade"})
        head.erase(name);
}

void rewrite_urls(http::fields& head, http::field name, const Origins& origins) {
    const auto found = head.find(name);
    if (found == head.end()) return;
    head.set(name, local_url(std::string(found->value()), origins));
}

void rewrite_cookies(http::fields& head) {
    std::vector<std::string> lines;
    const auto [first, last] = head.equal_range(http::field::set_cookie);
    for (auto each = first; each != last; ++each)
        lines.push_back(local_cookie(std::string(each->value())));
    head.erase(http::field::set_cookie);
    for (const auto& line : lines) head.insert(http::field::set_cookie, line);
}

}  // namespace

void prepare_request(http::fields& head) {
    erase_connection_fields(head);
    for (const char* name : {"Expect", "If-None-Match", "If-Modified-Since", "If-Match",
                             "If-Unmodified-Since", "If-Range", "Range"})
        head.erase(name);
    head.set(http::field::accept_encoding, "identity");
}

void prepare_response(http::fields& head, const Origins& origins) {
    erase_connection_fields(head);
    rewrite_urls(head, http::field::location, origins);
    rewrite_urls(head, http::field::content_location, origins);
    rewrite_cookies(head);
}

std::string local_url(std::string_view url, const Origins& origins) {
    const auto authority = policy::learn::authority_of(url);
    if (authority.empty()) return std::string(url);
    const auto name = policy::ascii_lower(authority);
    const bool is_host =
        !origins.host.empty() && (name == origins.host || name.starts_with(origins.host + ":"));
    if (name != origins.backend && !is_host) return std::string(url);
    const auto rest =
        url.substr(static_cast<std::size_t>(authority.data() - url.data()) + authority.size());
    return rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
}

std::string local_cookie(std::string_view line) {
    const auto name = policy::ascii_lower(line.substr(0, line.find('=')));
    const bool needs_secure = name.starts_with("__secure-") || name.starts_with("__host-");
    std::string kept;
    for (bool is_first = true; !line.empty(); is_first = false) {
        const auto part = line.substr(0, line.find(';'));
        line.remove_prefix(std::min(line.size(), part.size() + 1));
        const auto attribute = policy::ascii_lower(policy::trim(part.substr(0, part.find('='))));
        const bool is_dropped =
            !is_first && (attribute == "domain" || (attribute == "secure" && !needs_secure));
        if (!is_dropped) kept += (is_first ? "" : ";") + std::string(part);
    }
    return kept;
}

}  // namespace gateway::learn
