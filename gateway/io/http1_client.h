#pragma once

// HTTP/1.1 towards the browser (RFC 9112): one request after the other on a kept connection,
// answered in order; pipelined requests wait in the input.

#include <optional>

#include "gateway/io/body_reader.h"
#include "gateway/io/client.h"
#include "gateway/io/http1_writer.h"
#include "gateway/io/input.h"
#include "gateway/io/stream.h"
#include "gateway/io/text_pool.h"
#include "policy/http/head_reader.h"

namespace gateway {

struct ClientLimits {
    policy::HeadLimits head;
    policy::Duration head_timeout{};        // For the whole head.
    policy::Duration keep_alive_timeout{};  // Until the first byte of the next request.
    policy::Duration body_timeout{};        // For each wait within a body, either way.
};

class Http1Client final : public Client {
public:
    Http1Client(Stream& stream, Buffers buffers, const ClientLimits& limits,
                const policy::IpAddress& address);
    ~Http1Client() override;

    // The peer is a proxy, and `client` is whom it speaks for. Before anything is read.
    void speak_for(const policy::IpAddress& client) { address_ = client; }

    // Reads the next request's head. False: the client left between requests, or was let go while
    // it was idle. Errors: those of reading; HeadTimeout; the connection then ends after the
    // answer. ClientClosed: left within a head.
    [[nodiscard]] Task<policy::Result<bool>> read_head();

    // The exchange is over: whether another may follow on this connection.
    [[nodiscard]] bool keeps_alive() const { return !closing_ && body_.is_finished(); }

    // Nothing further will be read after the exchange in progress; an idle connection ends now.
    void close_soon();

    // The answer is out but the client may still be sending: reads and drops a bounded amount for
    // a bounded time, so that the answer is not lost to a reset (RFC 9112 §9.6).
    [[nodiscard]] Task<void> linger();

    [[nodiscard]] const policy::RequestHead& head() const override { return head_; }
    [[nodiscard]] const policy::Framing& framing() const override { return framing_; }
    [[nodiscard]] const policy::IpAddress& address() const override { return address_; }
    [[nodiscard]] bool body_is_here() const override;
    [[nodiscard]] Task<policy::Result<std::string_view>> read_body() override;
    void abandon_body() override;
    void close_after_answer() override { closing_ = true; }
    [[nodiscard]] Task<policy::Result<void>> write_interim(
        int status, const policy::FieldList& fields) override;
    void write_head(int status, const policy::FieldList& fields,
                    const policy::Framing& framing) override;
    [[nodiscard]] Task<policy::Result<void>> write_body(std::string_view bytes) override;
    [[nodiscard]] Task<policy::Result<void>> flush() override;
    [[nodiscard]] Task<policy::Result<void>> finish() override;
    void watch(std::function<void()> gone) override;
    void watch_upload(std::function<void()> gone) override;
    void break_off() override { stream_.close(); }

private:
    class Watch final : public Socket::Waiter {
    public:
        explicit Watch(Http1Client& client) : client_(client) {}
        std::function<void()> gone;

    private:
        void on_wake(Wake wake) override { client_.look(wake); }
        Http1Client& client_;
    };

    class Breakage final : public Socket::Waiter {
    public:
        explicit Breakage(Http1Client& client) : client_(client) {}
        std::function<void()> gone;

    private:
        void on_wake(Wake) override {
            client_.closing_ = true;
            std::exchange(gone, {})();
        }
        Http1Client& client_;
    };

    // Who writes: the answer, or the reading of the body, which says `100 Continue` beside it.
    enum class Speaker : std::uint8_t { Answer, Upload };

    void begin_request();
    [[nodiscard]] policy::Result<bool> parse_head();
    [[nodiscard]] policy::Result<void> accept_head();
    [[nodiscard]] Task<policy::Result<bool>> fill_head(std::optional<Deadline>& deadline);
    [[nodiscard]] Deadline idle_deadline() const;
    [[nodiscard]] Task<policy::Result<std::size_t>> receive(Deadline deadline);
    [[nodiscard]] Task<policy::Result<void>> fill_body();
    [[nodiscard]] Task<policy::Result<void>> say_continue();
    [[nodiscard]] Persistence persistence() const;
    [[nodiscard]] bool has_to_push(Speaker speaker) const;
    [[nodiscard]] Task<policy::Result<void>> push(Speaker speaker);
    [[nodiscard]] Task<policy::Result<void>> send(std::string_view bytes);
    [[nodiscard]] tl::unexpected<policy::Error> broken(const policy::Error& error);
    void look(Wake wake);
    [[nodiscard]] bool sees_client();

    Stream& stream_;
    Buffers buffers_;
    const ClientLimits& limits_;
    policy::IpAddress address_;

    Input input_;
    policy::RequestHead head_;
    policy::Framing framing_;
    BodyReader body_;
    std::size_t body_start_ = 0;  // In the input: what stands before it must not move.
    bool first_request_ = true;
    bool idle_ = false;  // Waiting for the first byte of a request.
    bool expects_continue_ = false;
    bool closing_ = false;
    bool abandoned_ = false;

    std::string output_;
    std::size_t sent_ = 0;       // Of the output.
    bool head_written_ = false;  // Of the final response; at least into the output.
    bool chunked_output_ = false;
    Watch watch_{*this};
    Breakage breakage_{*this};
};

}  // namespace gateway
