#pragma once

// Backends that answer from memory and remember what they were asked.

#include <deque>
#include <string>
#include <vector>

#include "gateway/io/http1_writer.h"
#include "gateway/io/upstream.h"

namespace support {

using session::Task;

struct FakeAnswer {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;
    bool fails = false;
    bool breaks_off = false;  // After the body that is there.
};

class FakeBackend final : public gateway::UpstreamSource {
public:
    std::deque<FakeAnswer> answers;     // The last one is given again and again.
    std::vector<std::string> requests;  // As they would stand on the wire.
    bool unreachable = false;

    Task<policy::Result<std::unique_ptr<gateway::Upstream>>> acquire(const policy::Backend&,
                                                                     Freshness) override {
        if (unreachable) co_return policy::fail(policy::Reason::BackendUnreachable);
        co_return std::make_unique<Wire>(*this);
    }
    void release(std::unique_ptr<gateway::Upstream>) override {}

private:
    class Wire final : public gateway::Upstream {
    public:
        explicit Wire(FakeBackend& backend) : backend_(backend) {}
        Task<policy::Result<void>> send(const policy::Permit& permit,
                                        const policy::FieldList& fields,
                                        const policy::Framing& framing,
                                        std::string_view body) override {
            auto& wire = backend_.requests.emplace_back();
            gateway::append_request_head(wire, permit.method(), permit.target(), fields, framing);
            wire.append(body);
            co_return policy::ok();
        }
        Task<policy::Result<void>> send_body(std::string_view) override { co_return policy::ok(); }
        Task<policy::Result<void>> finish_body() override { co_return policy::ok(); }
        Task<policy::Result<const policy::ResponseHead*>> read_head(const OnInterim&) override {
            answer_ = backend_.answers.front();
            if (backend_.answers.size() > 1) backend_.answers.pop_front();
            if (answer_.fails) co_return policy::fail(policy::Reason::BackendClosed);
            head_.status = answer_.status;
            for (const auto& [name, value] : answer_.fields) head_.fields.add(name, value);
            framing_ = {policy::Framing::Kind::Length, answer_.body.size()};
            co_return &head_;
        }
        const policy::Framing& framing() const override { return framing_; }
        bool body_is_ready() override { return true; }
        Task<policy::Result<std::string_view>> read_body() override {
            if (std::exchange(given_, true)) {
                if (answer_.breaks_off) co_return policy::fail(policy::Reason::BackendClosed);
                co_return std::string_view{};
            }
            co_return std::string_view(answer_.body);
        }
        bool may_be_stale() const override { return false; }
        void abort() override {}

    private:
        FakeBackend& backend_;
        FakeAnswer answer_;
        policy::ResponseHead head_;
        policy::Framing framing_;
        bool given_ = false;
    };
};

}  // namespace support
