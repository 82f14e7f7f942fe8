#pragma once

// The addresses on the command line of `sallyport learn`. Passwords cross both ends in the clear,
// so both are on loopback unless the person says why not.

#include <optional>
#include <string>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <tl/expected.hpp>

namespace gateway::learn {

enum class Reach { LoopbackOnly, Anywhere };

using Address = tl::expected<boost::asio::ip::tcp::endpoint, std::string>;

// `127.0.0.1:8080` or `[::1]:8080`. The error is a sentence.
[[nodiscard]] Address listen_address(const std::string& text, Reach reach);

// `http://host:port`; names are resolved. The error is a sentence.
[[nodiscard]] Address backend_address(const std::string& url, Reach reach);

// `host:port` of such a URL as redirects name it, in lower case.
[[nodiscard]] std::string backend_authority(const std::string& url);

}  // namespace gateway::learn
