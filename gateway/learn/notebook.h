#pragma once

// What the learning proxy has seen so far, step by step. Bounded: what no longer fits is forwarded
// and not recorded.

#include <cstddef>
#include <string>

#include "policy/learn/recording.h"

namespace gateway::learn {

class Notebook {
public:
    explicit Notebook(std::string host) { recording_.host = std::move(host); }

    void set_user(std::string user) { recording_.user = std::move(user); }
    void turn_to(policy::learn::Step step) { step_ = step; }
    [[nodiscard]] policy::learn::Step step() const { return step_; }

    // An exchange that has begun and is not in the book yet, for as long as this lives.
    class Pending {
    public:
        explicit Pending(Notebook& notebook) : notebook_(notebook) { ++notebook_.pending_; }
        ~Pending() { --notebook_.pending_; }
        Pending(const Pending&) = delete;
        Pending& operator=(const Pending&) = delete;

    private:
        Notebook& notebook_;
    };
    [[nodiscard]] bool has_pending() const { return pending_ > 0; }

    // Under the step that it carries, which may be over: answers may be slow.
    void add(policy::learn::Exchange exchange);

    // `3 requests, 1 POST`
    [[nodiscard]] std::string summary(policy::learn::Step step) const;

    // Whether the step shows what it is for: requests, and a login in `fail` and `login`.
    [[nodiscard]] bool is_useful(policy::learn::Step step) const;

    [[nodiscard]] std::size_t left_out() const { return left_out_; }

    // In the order of the steps.
    [[nodiscard]] policy::learn::Recording take();

private:
    policy::learn::Recording recording_;
    policy::learn::Step step_ = policy::learn::Step::Visit;
    std::size_t bytes_ = 0;
    std::size_t left_out_ = 0;
    std::size_t pending_ = 0;
};

}  // namespace gateway::learn
