#pragma once

// What changes in the heads of messages while they cross the learning proxy: as little as keeps the
// browser at it and makes bodies readable.

#include <string>
#include <string_view>

#include <boost/beast/http/fields.hpp>

namespace gateway::learn {

// Origins that are the backend's own: redirects there stay with the proxy.
struct Origins {
    std::string backend;  // `127.0.0.1:9000`
    std::string host;     // The public host, without a port; may be empty.
};

// Takes out what is meant for one connection, asks for bodies that can be read (no compression) and
// whole (no conditions).
void prepare_request(boost::beast::http::fields& head);

// Takes out what is meant for one connection, turns redirects to `origins` into paths and makes
// cookies fit for a browser that came to a loopback address without TLS.
void prepare_response(boost::beast::http::fields& head, const Origins& origins);

// `http://backend/x?y` becomes `/x?y`; other URLs stay.
[[nodiscard]] std::string local_url(std::string_view url, const Origins& origins);

// Without Domain, and without Secure where the name does not demand it.
[[nodiscard]] std::string local_cookie(std::string_view line);

}  // namespace gateway::learn
