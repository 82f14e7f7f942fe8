#pragma once

// HTTP/1.1 towards a backend. The backend is hostile too: what it answers is read as strictly as
// what clients ask, and a connection is used again only when nothing about it is in doubt
// (HTP-012, HTP-013).

#include <chrono>
#include <memory>

#include "gateway/io/body_reader.h"
#include "gateway/io/input.h"
#include "gateway/io/stream.h"
#include "gateway/io/text_pool.h"
#include "gateway/io/upstream.h"
#include "policy/http/head_reader.h"

namespace gateway {

class Http1Upstream final : public Upstream {
public:
    Http1Upstream(std::unique_ptr<Stream> stream, Buffers buffers, const policy::Backend& backend);
    ~Http1Upstream() override;

    [[nodiscard]] Task<policy::Result<void>> send(const policy::Permit& permit,
                                                  const policy::FieldList& fields,
                                                  const policy::Framing& framing,
                                                  std::string_view body) override;
    [[nodiscard]] Task<policy::Result<void>> send_body(std::string_view bytes) override;
    [[nodiscard]] Task<policy::Result<void>> finish_body() override;
    [[nodiscard]] Task<policy::Result<const policy::ResponseHead*>> read_head(
        const OnInterim& on_interim) override;
    [[nodiscard]] const policy::Framing& framing() const override { return framing_; }
    [[nodiscard]] bool body_is_ready() override;
    [[nodiscard]] Task<policy::Result<std::string_view>> read_body() override;
    [[nodiscard]] bool may_be_stale() const override { return reused_ && !received_; }
    void abort() override;

    // True when the exchange ended so that another may follow.
    [[nodiscard]] bool is_reusable() const;
    void rest();  // Goes into the pool: gives its buffers back.

    // A quick look at a connection from the pool: false when the backend has closed it or sent
    // something nobody asked for.
    [[nodiscard]] bool is_quiet();

    [[nodiscard]] Socket& socket() { return stream_->socket(); }
    [[nodiscard]] const policy::Backend& backend() const { return backend_; }

private:
    [[nodiscard]] Task<policy::Result<void>> write(std::string_view bytes);
    [[nodiscard]] Task<policy::Result<void>> fill();
    [[nodiscard]] policy::Duration patience_left() const;
    [[nodiscard]] Task<policy::Result<void>> read_one_head();
    [[nodiscard]] policy::Result<bool> accept_head();
    [[nodiscard]] policy::Result<void> take_piece();

    std::unique_ptr<Stream> stream_;
    Buffers buffers_;
    const policy::Backend& backend_;
    Input input_;
    std::string output_;
    policy::Method method_ = policy::Method::Get;
    bool chunked_request_ = false;
    bool request_sent_ = false;                           // Completely.
    std::chrono::steady_clock::time_point body_sent_at_;  // When it was not sent with the head.
    policy::ResponseHead head_;
    policy::Framing framing_;
    BodyReader body_;
    std::size_t body_start_ = 0;
    bool head_read_ = false;
    std::string_view piece_;  // Taken from the input, not yet handed out.
    bool received_ = false;   // Anything in this exchange.
    bool reused_ = false;
    bool broken_ = false;
    bool bad_body_ = false;
};

}  // namespace gateway
