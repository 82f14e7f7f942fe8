#include "policy/location.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/http/path_parameters.h"

namespace policy {
namespace {

constexpr auto kNone = std::string_view::npos;

enum class Owner { Stranger, Backend, PublicHost };

// A URI reference (RFC 3986 §4.1), taken apart.
struct Reference {
    enum class Kind { Unreadable, Absolute, Network, Path, Relative };
    Kind kind = Kind::Unreadable;
    Scheme scheme = Scheme::Http;
    std::string_view authority;
    std::string_view path;
    std::string_view rest;  // Query and fragment.
};

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; });
}

bool is_scheme(std::string_view text) {
    const auto is_letter = [](char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; };
    const auto may_follow = [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    };
    return !text.empty() && is_letter(text.front()) &&
           std::all_of(text.begin(), text.end(), may_follow);
}

Reference with_authority(Reference::Kind kind, Scheme scheme, std::string_view text) {
    const auto authority = text.substr(0, text.find_first_of("/?#"));
    text.remove_prefix(authority.size());
    const auto path = text.substr(0, text.find_first_of("?#"));
    return {kind, scheme, authority, path, text.substr(path.size())};
}

// Browsers read `\` as `/`, and `http:/x` or `http:x` in ways that depend on where they are.
Reference read_reference(std::string_view value) {
    using Kind = Reference::Kind;
    const auto path = value.substr(0, value.find_first_of("?#"));
    if (path.find('\\') != kNone) return {};
    if (value.starts_with("//"))
        return with_authority(Kind::Network, Scheme::Http, value.substr(2));
    const auto rest = value.substr(path.size());
    if (value.starts_with('/')) return {Kind::Path, Scheme::Http, {}, path, rest};
    const auto before_colon = path.substr(0, path.find(':'));
    if (before_colon.size() == path.size() || !is_scheme(before_colon))
        return {Kind::Relative, Scheme::Http, {}, path, rest};
    const auto scheme = parse_scheme(before_colon);
    const auto behind = value.substr(before_colon.size() + 1);
    if (!scheme || !behind.starts_with("//")) return {};
    return with_authority(Kind::Absolute, *scheme, behind.substr(2));
}

std::string_view without_brackets(std::string_view host) {
    return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

bool is_server(const Authority& authority, std::uint16_t port, const Backend& backend) {
    const auto host = without_brackets(authority.host.text());
    return std::any_of(
        backend.servers.begin(), backend.servers.end(),
        [&](const ServerAddress& server) { return server.host == host && server.port == port; });
}

// Applications take the port from Host, from the socket, or leave it to the scheme.
bool may_be_believed(std::uint16_t port, std::optional<std::uint16_t> sent,
                     const Backend& backend) {
    if (port == 80 || port == 443 || port == sent) return true;
    return std::any_of(backend.servers.begin(), backend.servers.end(),
                       [port](const ServerAddress& server) { return server.port == port; });
}

bool is_listed(Scheme scheme, const Authority& authority, std::uint16_t port,
               const std::vector<Origin>& origins) {
    return std::find(origins.begin(), origins.end(), Origin{scheme, authority.host, port}) !=
           origins.end();
}

Owner owner_of(Scheme scheme, const Authority& authority, const Crossing& crossing) {
    const auto& rules = crossing.backend.crossing;
    const auto port = authority.port.value_or(default_port(scheme));
    if (authority.host == crossing.request.host) {
        const auto public_port = crossing.request.port.value_or(443);
        const bool is_ours = scheme == Scheme::Https
                                 ? port == public_port
                                 : may_be_believed(port, public_port, crossing.backend);
        if (is_ours) return Owner::PublicHost;
    }
    const bool is_sent_host = rules.host && rules.host->host == authority.host &&
                              may_be_believed(port, rules.host->port, crossing.backend);
    const bool is_own = is_sent_host || is_server(authority, port, crossing.backend) ||
                        is_listed(scheme, authority, port, rules.own_origins);
    return is_own ? Owner::Backend : Owner::Stranger;
}

Owner owner_of(const Reference& reference, const Crossing& crossing) {
    const auto authority = parse_authority(reference.authority);
    if (!authority) return Owner::Stranger;
    const auto owner = owner_of(reference.scheme, *authority, crossing);
    if (owner != Owner::Stranger || reference.kind == Reference::Kind::Absolute) return owner;
    return owner_of(Scheme::Https, *authority, crossing);
}

// Without session ids, and mapped.
std::string_view public_path(std::string_view path, Owner owner, const Crossing& crossing,
                             Arena& arena) {
    const auto& mapping = crossing.backend.crossing.paths;
    path = strip_path_parameters(path, 0, crossing.path_parameters, arena).text;
    if (owner == Owner::PublicHost && mapping.is_public(path)) return path;
    return mapping.to_public(path, arena).value_or(path);
}

std::string_view join_absolute(const Reference& reference, Owner owner, const Crossing& crossing,
                               Arena& arena) {
    const auto path = reference.path.empty() ? "/" : reference.path;
    return arena.join({"https://", public_authority(crossing.request, arena),
                       public_path(path, owner, crossing, arena), reference.rest});
}

// What was taken out must not turn a path into a host (RFC 3986 §4.2, §5.3).
std::string_view join_path(const Reference& reference, const Crossing& crossing, Arena& arena) {
    const auto path = public_path(reference.path, Owner::Backend, crossing, arena);
    return arena.join({path.starts_with("//") ? "/." : "", path, reference.rest});
}

// An empty path would mean the page itself, and one that begins with a slash another folder.
std::string_view join_relative(const Reference& reference, const Crossing& crossing, Arena& arena) {
    const auto path =
        strip_path_parameters(reference.path, 0, crossing.path_parameters, arena).text;
    if (path.size() == reference.path.size()) return arena.join({path, reference.rest});
    const auto* dot = path.empty() ? "./" : path.starts_with('/') ? "." : "";
    return arena.join({dot, path, reference.rest});
}

std::string_view join(const Reference& reference, std::string_view value, const Crossing& crossing,
                      Arena& arena) {
    using Kind = Reference::Kind;
    switch (reference.kind) {
        case Kind::Path:
            return join_path(reference, crossing, arena);
        case Kind::Relative:
            return join_relative(reference, crossing, arena);
        case Kind::Absolute:
        case Kind::Network: {
            const auto owner = owner_of(reference, crossing);
            if (owner == Owner::Stranger) return value;
            return join_absolute(reference, owner, crossing, arena);
        }
        case Kind::Unreadable:
            break;
    }
    return value;
}

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

void skip_blanks(std::string_view& text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
}

// Takes `url=` off the front; leaves anything else as it is.
void skip_url_key(std::string_view& text) {
    if (!equals_ignoring_case(text.substr(0, 3), "url")) return;
    auto rest = text.substr(3);
    skip_blanks(rest);
    if (!rest.starts_with('=')) return;
    rest.remove_prefix(1);
    skip_blanks(rest);
    text = rest;
}

// The URL within the value of a Refresh field; empty when there is none.
std::string_view url_of_refresh(std::string_view value) {
    const auto behind_time = value.find_first_not_of("0123456789.");
    if (behind_time == kNone || behind_time == 0) return {};
    auto text = value.substr(behind_time);
    if (text.front() != ';' && text.front() != ',' && !is_blank(text.front())) return {};
    skip_blanks(text);
    if (text.starts_with(';') || text.starts_with(',')) text.remove_prefix(1);
    skip_blanks(text);
    skip_url_key(text);
    if (!text.starts_with('\'') && !text.starts_with('"')) return text;
    const char quote = text.front();
    text.remove_prefix(1);
    return text.substr(0, text.find(quote));
}

// As browsers write it: without the default port.
std::string_view public_origin(const RequestFacts& request, Arena& arena) {
    if (request.port == 443) return arena.join({"https://", request.host.text()});
    return arena.join({"https://", public_authority(request, arena)});
}

}  // namespace

std::string_view public_authority(const RequestFacts& request, Arena& arena) {
    if (!request.port) return arena.keep(request.host.text());
    return arena.join({request.host.text(), ":", std::to_string(*request.port)});
}

std::string_view backend_authority(const Crossing& crossing, Arena& arena) {
    const auto& host = crossing.backend.crossing.host;
    if (!host) return public_authority(crossing.request, arena);
    if (!host->port) return host->host.text();
    return arena.join({host->host.text(), ":", std::to_string(*host->port)});
}

std::optional<std::string_view> public_location(std::string_view value, const Crossing& crossing,
                                                Arena& arena) {
    if (crossing.backend.crossing.location == CrossingRules::Mode::Leave) return value;
    if (has_control(value)) return std::nullopt;
    return join(read_reference(value), value, crossing, arena);
}

std::optional<std::string_view> public_refresh(std::string_view value, const Crossing& crossing,
                                               Arena& arena) {
    if (crossing.backend.crossing.location == CrossingRules::Mode::Leave) return value;
    if (has_control(value)) return std::nullopt;
    const auto url = url_of_refresh(value);
    if (url.empty()) return value;
    const auto location = join(read_reference(url), url, crossing, arena);
    const auto before = static_cast<std::size_t>(url.data() - value.data());
    return arena.join({value.substr(0, before), location, value.substr(before + url.size())});
}

std::string_view backend_origin(std::string_view value, const Crossing& crossing, Arena& arena) {
    const auto ours = public_origin(crossing.request, arena);
    if (!value.starts_with(ours)) return value;
    const auto rest = value.substr(ours.size());
    if (!rest.empty() && !rest.starts_with('/')) return value;
    const auto theirs = backend_authority(crossing, arena);
    if (rest.empty()) return arena.join({"http://", theirs});
    const auto path = crossing.backend.crossing.paths.to_backend(rest, arena);
    return arena.join({"http://", theirs, path.value_or(rest)});
}

}  // namespace policy
