#include "gateway/learn/conversation.h"

#include <array>
#include <chrono>
#include <ctime>
#include <limits>
#include <optional>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "gateway/learn/body_copy.h"
#include "policy/learn/fields.h"

// GCC 12 with a sanitizer sees only one half of how Asio takes and gives back coroutine frames.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace gateway::learn {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using policy::learn::Exchange;
using policy::learn::NameValue;

namespace {

constexpr std::uint32_t kLongestHead = 64 * 1024;
// Beast 1.74 takes "no limit" for a limit of nothing.
constexpr auto kAnyLength = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kPiece = 16 * 1024;
constexpr auto kIdle = std::chrono::minutes(2);      // Between requests of a browser.
constexpr auto kPatience = std::chrono::minutes(2);  // For one read or write.
constexpr auto kConnect = std::chrono::seconds(5);

using Body = http::buffer_body;

auto into(error_code& error) {
    return asio::redirect_error(asio::use_awaitable, error);
}

template <bool IsRequest>
std::vector<NameValue> headers_of(const http::header<IsRequest>& head) {
    std::vector<NameValue> headers;
    for (const auto& field : head)
        headers.push_back({std::string(field.name_string()), std::string(field.value())});
    return headers;
}

struct Source {
    beast::tcp_stream& stream;
    beast::flat_buffer& buffer;
};

template <bool IsRequest>
struct Sink {
    beast::tcp_stream& stream;
    http::serializer<IsRequest, Body>& serializer;
    BodyCopy& copy;
};

// Passes what `parser` has not read of a message whose head is written already.
template <bool IsRequest>
asio::awaitable<void> relay_body(Source from, http::parser<IsRequest, Body>& parser,
                                 Sink<IsRequest> to, error_code& error) {
    std::array<char, kPiece> piece;
    auto& body = parser.get().body();
    while (!to.serializer.is_done()) {
        body = {nullptr, 0, false};
        if (!parser.is_done()) {
            body = {piece.data(), piece.size(), true};
            from.stream.expires_after(kPatience);
            co_await http::async_read(from.stream, from.buffer, parser, into(error));
            if (error == http::error::need_buffer) error = {};
            if (error) co_return;
            const auto size = piece.size() - body.size;
            to.copy.add({piece.data(), size});
            body = {piece.data(), size, !parser.is_done()};
        }
        to.stream.expires_after(kPatience);
        co_await http::async_write(to.stream, to.serializer, into(error));
        if (error == http::error::need_buffer) error = {};
        if (error) co_return;
    }
}

bool carries_body(http::verb method, unsigned status) {
    return method != http::verb::head && status != 204 && status != 304;
}

// One browser connection.
class Conversation {
public:
    Conversation(tcp::socket socket, std::shared_ptr<Surroundings> shared)
        : browser_(std::move(socket)), shared_(std::move(shared)) {
        ++shared_->connections;
    }
    ~Conversation() { --shared_->connections; }
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    asio::awaitable<void> run() {
        bool goes_on = true;
        while (goes_on) {
            RequestParser request;
            request.header_limit(kLongestHead);
            request.body_limit(kAnyLength);
            error_code error;
            browser_.expires_after(kIdle);
            co_await http::async_read_header(browser_, from_browser_, request, into(error));
            if (error) break;
            goes_on = co_await exchange(request);
        }
        error_code ignored;
        browser_.socket().shutdown(tcp::socket::shutdown_both, ignored);
    }

private:
    using RequestParser = http::request_parser<Body>;
    struct Answer {
        beast::flat_buffer buffer;
        std::optional<http::response_parser<Body>> parser;
    };

    // False when the connection is of no use for another request.
    asio::awaitable<bool> exchange(RequestParser& request) {
        const Notebook::Pending pending(shared_->notebook);
        Exchange seen;
        seen.step = shared_->notebook.step();
        auto& head = request.get();
        if (!head.target().starts_with('/')) co_return co_await refuse(400, "Not a web page.\n");
        beast::tcp_stream backend(browser_.get_executor());
        error_code error;
        backend.expires_after(kConnect);
        co_await backend.async_connect(shared_->backend, into(error));
        if (error) co_return co_await refuse(502, "The backend does not answer.\n");

        const bool keeps_alive = head.keep_alive();
        note_request(seen, head);
        co_await forward_request(request, backend, seen, error);
        if (error) co_return co_await refuse(502, "The backend took no request.\n");
        Answer from_backend;
        const bool is_answered = co_await read_head(backend, head.method(), from_backend);
        if (!is_answered) co_return co_await refuse(502, "The backend gave no answer.\n");
        const bool goes_on =
            co_await answer(backend, from_backend, head.method(), seen) && keeps_alive;
        shared_->notebook.add(std::move(seen));
        co_return goes_on;
    }

    static void note_request(Exchange& seen, http::request<Body>& head) {
        seen.request.method = std::string(head.method_string());
        seen.request.target = std::string(head.target());
        seen.request.headers = headers_of(head);
    }

    asio::awaitable<void> forward_request(RequestParser& request, beast::tcp_stream& backend,
                                          Exchange& seen, error_code& error) {
        auto& head = request.get();
        const bool waits = beast::iequals(head[http::field::expect], "100-continue");
        prepare_request(head);
        head.version(11);
        head.set(http::field::connection, "close");
        if (waits) co_await asio::async_write(browser_, asio::buffer(kContinue), into(error));
        if (error) co_return;
        http::request_serializer<Body> serializer(head);
        backend.expires_after(kPatience);
        head.body() = {nullptr, 0, !request.is_done()};
        co_await http::async_write_header(backend, serializer, into(error));
        BodyCopy copy;
        if (!error)
            co_await relay_body<true>({browser_, from_browser_}, request,
                                      {backend, serializer, copy}, error);
        seen.request.body = copy.as_text(policy::learn::media_type(seen.request.headers));
    }

    // Interim answers (100, 103) are passed over.
    static asio::awaitable<bool> read_head(beast::tcp_stream& backend, http::verb method,
                                           Answer& answer) {
        for (;;) {
            auto& parser = answer.parser.emplace();
            parser.header_limit(kLongestHead);
            parser.body_limit(kAnyLength);
            parser.skip(method == http::verb::head);
            error_code error;
            backend.expires_after(kPatience);
            co_await http::async_read_header(backend, answer.buffer, parser, into(error));
            if (error) co_return false;
            if (parser.get().result_int() >= 200) co_return true;
        }
    }

    // False when the browser did not get all of it.
    asio::awaitable<bool> answer(beast::tcp_stream& backend, Answer& from, http::verb method,
                                 Exchange& seen) {
        auto& head = from.parser->get();
        seen.response.status = static_cast<int>(head.result_int());
        seen.response.headers = headers_of(head);
        note_date(seen);
        const bool has_body = carries_body(method, head.result_int());
        if (has_body && from.parser->need_eof()) head.chunked(true);
        prepare_response(head, shared_->origins);
        head.version(11);
        http::response_serializer<Body> serializer(head);
        head.body() = {nullptr, 0, !from.parser->is_done()};
        error_code error;
        browser_.expires_after(kPatience);
        co_await http::async_write_header(browser_, serializer, into(error));
        BodyCopy copy;
        if (!error && has_body)
            co_await relay_body<false>({backend, from.buffer}, *from.parser,
                                       {browser_, serializer, copy}, error);
        seen.response.body = copy.as_text(policy::learn::media_type(seen.response.headers));
        co_return !error;
    }

    // The analysis wants to know whether an expiry lies in the past.
    static void note_date(Exchange& seen) {
        if (policy::learn::find_header(seen.response.headers, "Date")) return;
        const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
        std::tm parts{};
        ::gmtime_r(&now, &parts);
        std::array<char, 40> text{};
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
        seen.response.headers.push_back({"Date", text.data()});
    }

    asio::awaitable<bool> refuse(unsigned status, std::string_view sentence) {
        http::response<http::string_body> response(http::int_to_status(status), 11,
                                                   std::string(sentence));
        response.set(http::field::content_type, "text/plain");
        response.keep_alive(false);
        response.prepare_payload();
        error_code ignored;
        browser_.expires_after(kPatience);
        co_await http::async_write(browser_, response, into(ignored));
        co_return false;
    }

    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

    beast::tcp_stream browser_;
    beast::flat_buffer from_browser_;
    std::shared_ptr<Surroundings> shared_;
};

}  // namespace

asio::awaitable<void> converse(tcp::socket browser, std::shared_ptr<Surroundings> surroundings) {
    Conversation conversation(std::move(browser), std::move(surroundings));
    co_await conversation.run();
}

}  // namespace gateway::learn
