#include "gateway/learn/addresses.h"

#include <boost/asio/io_context.hpp>

#include "policy/base/text.h"
#include "policy/http/authority.h"

namespace gateway::learn {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::string_view kScheme = "http://";

std::string without_brackets(const std::string& host) {
    return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

Address allowed(const tcp::endpoint& endpoint, const std::string& text, Reach reach) {
    if (reach == Reach::Anywhere || endpoint.address().is_loopback()) return endpoint;
    return tl::unexpected(text +
                          " is not on loopback, and passwords would cross the network in "
                          "the clear; if that is meant, say why with --insecure-plaintext");
}

}  // namespace

Address listen_address(const std::string& text, Reach reach) {
    const auto colon = text.rfind(':');
    const auto host = without_brackets(text.substr(0, colon));
    const auto port = colon == std::string::npos
                          ? std::nullopt
                          : policy::parse_decimal(std::string_view(text).substr(colon + 1));
    boost::system::error_code error;
    const auto address = asio::ip::make_address(host, error);
    if (error || !port || *port > 65535)
        return tl::unexpected(
            "--listen must be an address with a port, as in 127.0.0.1:8080, not " + text);
    return allowed({address, static_cast<std::uint16_t>(*port)}, text, reach);
}

Address backend_address(const std::string& url, Reach reach) {
    if (url.starts_with("https://"))
        return tl::unexpected<std::string>("--backend must be plain http: " + url);
    const auto authority = policy::parse_authority(backend_authority(url));
    if (!url.starts_with(kScheme) || !authority)
        return tl::unexpected("--backend must be http://host:port and nothing behind it, not " +
                              url);
    asio::io_context io;
    tcp::resolver resolver(io);
    boost::system::error_code error;
    const auto port = std::to_string(authority->port.value_or(80));
    const auto found = resolver.resolve(without_brackets(authority->host.text()), port, error);
    if (error) return tl::unexpected("--backend: " + url + ": " + error.message());
    return allowed(found.begin()->endpoint(), url, reach);
}

std::string backend_authority(const std::string& url) {
    auto text = policy::ascii_lower(url);
    if (text.starts_with(kScheme)) text.erase(0, kScheme.size());
    if (text.ends_with('/')) text.pop_back();
    return text;
}

}  // namespace gateway::learn
