#pragma once

// Asker: how a loop waits for the database. For the loop's own thread.

#include <coroutine>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "gateway/sql/pool.h"
#include "session/task.h"

namespace gateway::sql {

using session::Task;

class Asker {
public:
    // All of it outlives this.
    Asker(boost::asio::io_context& loop, Pool& pool, policy::Duration timeout)
        : box_(std::make_shared<Box>(&loop)), loop_(loop), pool_(pool), timeout_(timeout) {}

    // From here on every question is an error, and so are those that wait.
    void stop();

    // `work` runs on another thread. Errors: its own; StoreUnavailable when it does not come back
    // in time, in which case it may still be done.
    template <class T>
    [[nodiscard]] Task<policy::Result<T>> ask(
        std::function<policy::Result<T>(session::sql::Database&)> work);

private:
    // Threads of the pool find the loop here, as long as there is one.
    struct Box {
        explicit Box(boost::asio::io_context* of) : loop(of) {}
        std::mutex mutex;
        boost::asio::io_context* loop;

        template <class Handler>
        void post(Handler handler) {
            const std::scoped_lock lock(mutex);
            if (loop) boost::asio::post(*loop, std::move(handler));
        }
    };

    // One question. Lives in the coroutine that asks.
    class Waiting {
    public:
        explicit Waiting(Asker& asker) : asker_(asker), timer_(asker.loop_) {}
        virtual ~Waiting() = default;
        Waiting(const Waiting&) = delete;
        Waiting& operator=(const Waiting&) = delete;

        [[nodiscard]] bool await_ready() const { return false; }
        void await_suspend(std::coroutine_handle<> awaiting);
        void await_resume() const {}

        virtual void fail(policy::Error error) = 0;
        void resume();

    protected:
        // Says that it is still there: what is posted may come too late.
        [[nodiscard]] std::weak_ptr<Waiting*> self() const { return self_; }

    private:
        Asker& asker_;
        boost::asio::basic_waitable_timer<std::chrono::steady_clock> timer_;
        std::shared_ptr<Waiting*> self_ = std::make_shared<Waiting*>(this);
        std::list<Waiting*>::iterator position_;
        std::coroutine_handle<> awaiting_;
    };

    template <class T>
    class Question final : public Waiting {
    public:
        using Waiting::Waiting;
        void fail(policy::Error error) override { answer = tl::unexpected(std::move(error)); }
        policy::Result<T> answer = policy::fail(policy::Reason::StoreUnavailable);
        using Waiting::self;
    };

    std::shared_ptr<Box> box_;
    boost::asio::io_context& loop_;
    Pool& pool_;
    policy::Duration timeout_;
    std::list<Waiting*> waiting_;
    bool is_stopped_ = false;
};

template <class T>
Task<policy::Result<T>> Asker::ask(std::function<policy::Result<T>(session::sql::Database&)> work) {
    if (is_stopped_)
        co_return policy::fail(policy::Reason::StoreUnavailable, "sql: is not used any more");
    Question<T> question(*this);
    pool_.add(
        [work = std::move(work), box = box_,
         self = question.self()](policy::Result<session::sql::Database*> database) {
            policy::Result<T> answer =
                database ? work(**database) : policy::Result<T>(tl::unexpected(database.error()));
            const bool is_good =
                answer || answer.error().reason != policy::Reason::StoreUnavailable;
            box->post([self, answer = std::move(answer)]() mutable {
                const auto there = self.lock();
                if (!there) return;
                auto& asked = static_cast<Question<T>&>(**there);
                asked.answer = std::move(answer);
                asked.resume();
            });
            return is_good;
        },
        std::chrono::steady_clock::now() + timeout_);
    co_await question;
    co_return std::move(question.answer);
}

}  // namespace gateway::sql
