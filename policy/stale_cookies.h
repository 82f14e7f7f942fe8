#pragma once

// Cookies of a backend that a browser still holds from the time before the gateway. They are
// refused on the way in; the answer takes them away, so that they come no more.
//
// A browser deletes a cookie only under the name, domain and path that it was set with, and tells
// none of the last two: each likely pair gets a line.

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

// At most so many lines in one answer (some 5 KiB), and of these for one name at most so many paths
// and domains.
inline constexpr std::size_t kMostRemovals = 64;
inline constexpr std::size_t kMostRemovalPaths = 5;
inline constexpr std::size_t kMostRemovalDomains = 4;

// The values of Path under which a cookie can have been set that came with a request for `path`:
// `/`, and the folders on the way down, the last segment included, with and without a slash at
// the end.
[[nodiscard]] std::vector<std::string_view> removal_paths(std::string_view path);

// The values of Domain: the host and what lies above it, down to the domain that somebody can
// register. None for an address and for a host that is a public suffix itself.
[[nodiscard]] std::vector<std::string_view> removal_domains(
    std::string_view host, const std::function<bool(std::string_view)>& is_public_suffix);

// Adds Set-Cookie lines that delete the cookie `name` (a token) of the host and of `domains`, as
// long as there are fewer than kMostRemovals.
void add_removals(std::string_view name, std::span<const std::string_view> domains,
                  std::span<const std::string_view> paths, std::vector<std::string>& lines);

}  // namespace policy
