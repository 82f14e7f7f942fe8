#pragma once

// A client whose request is at hand and whose answer is kept as text.

#include <string>

#include "gateway/io/client.h"
#include "gateway/io/http1_writer.h"

namespace support {

using session::Task;

class FakeClient final : public gateway::Client {
public:
    policy::RequestHead request;
    policy::Framing request_framing;
    policy::IpAddress from = policy::IpAddress::v4({192, 0, 2, 7});
    std::string body;

    std::string answer;  // Head and body as they were written.
    int status = 0;
    bool finished = false;
    bool closes = false;
    bool is_broken_off = false;

    const policy::RequestHead& head() const override { return request; }
    const policy::Framing& framing() const override { return request_framing; }
    const policy::IpAddress& address() const override { return from; }
    bool body_is_here() const override { return true; }
    Task<policy::Result<std::string_view>> read_body() override {
        sent_ = std::exchange(body, {});
        co_return std::string_view(sent_);
    }
    void abandon_body() override {}
    void close_after_answer() override { closes = true; }
    Task<policy::Result<void>> write_interim(int, const policy::FieldList&) override {
        co_return policy::ok();
    }
    void write_head(int code, const policy::FieldList& fields,
                    const policy::Framing& framing) override {
        status = code;
        gateway::append_response_head(answer, code, fields, framing, gateway::Persistence::Default);
    }
    Task<policy::Result<void>> write_body(std::string_view bytes) override {
        answer.append(bytes);
        co_return policy::ok();
    }
    Task<policy::Result<void>> flush() override { co_return policy::ok(); }
    Task<policy::Result<void>> finish() override {
        finished = true;
        co_return policy::ok();
    }
    void watch(std::function<void()>) override {}
    void watch_upload(std::function<void()>) override {}
    void break_off() override { is_broken_off = true; }

private:
    std::string sent_;
};

}  // namespace support
