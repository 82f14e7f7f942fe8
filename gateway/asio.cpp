// Asio's non-template code, compiled once for everybody.

#include <utility>

#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
