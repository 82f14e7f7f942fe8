#include "gateway/sql/pool.h"

#include <utility>

namespace gateway::sql {
namespace {

using policy::Reason;
using session::sql::Database;

constexpr std::size_t kMostWaiting = 10'000;
constexpr auto kPatienceAtTheEnd = std::chrono::seconds(4);  // An attempt to connect takes 2.
constexpr auto kFirstPause = std::chrono::milliseconds(50);
constexpr auto kLongestPause = std::chrono::seconds(2);

tl::unexpected<policy::Error> unavailable(const char* why) {
    return policy::fail(Reason::StoreUnavailable, std::string("sql: ") + why);
}

// A connection that is opened when it is needed, and not again for a while when that fails.
class Connection {
public:
    explicit Connection(const session::sql::Settings& settings) : settings_(settings) {}

    [[nodiscard]] policy::Result<Database*> get() {
        if (database_) return database_.get();
        const auto now = std::chrono::steady_clock::now();
        if (now < not_before_) return tl::unexpected(why_);
        auto opened = Database::open(settings_);
        if (!opened) {
            why_ = std::move(opened.error());
            not_before_ = std::chrono::steady_clock::now() + pause_;
            pause_ = std::min<std::chrono::milliseconds>(pause_ * 2, kLongestPause);
            return tl::unexpected(why_);
        }
        database_ = std::move(*opened);
        pause_ = kFirstPause;
        return database_.get();
    }

    // Of no use after an error.
    void drop() { database_.reset(); }

private:
    const session::sql::Settings& settings_;
    std::unique_ptr<Database> database_;
    policy::Error why_{Reason::StoreUnavailable, {}};
    SteadyTime not_before_{};
    std::chrono::milliseconds pause_ = kFirstPause;
};

}  // namespace

Pool::Pool(const session::sql::Settings& settings) : common_(std::make_shared<Common>(settings)) {
    common_->running = std::max(1U, settings.connections);
    const auto count = common_->running;
    for (unsigned i = 0; i < count; ++i) threads_.emplace_back(run, common_);
}

Pool::~Pool() {
    std::deque<Waiting> left;
    bool have_all_ended = false;
    {
        std::unique_lock lock(common_->mutex);
        common_->is_ending = true;
        left = std::exchange(common_->waiting, {});
        common_->changed.notify_all();
        have_all_ended = common_->changed.wait_for(lock, kPatienceAtTheEnd,
                                                   [&] { return common_->running == 0; });
    }
    for (auto& thread : threads_) {
        if (have_all_ended)
            thread.join();
        else
            thread.detach();
    }
    for (auto& each : left) (void)each.job(unavailable("is not used any more"));
}

void Pool::add(Job job, SteadyTime deadline) {
    {
        const std::scoped_lock lock(common_->mutex);
        if (!common_->is_ending && common_->waiting.size() < kMostWaiting) {
            common_->waiting.push_back({std::move(job), deadline});
            common_->changed.notify_one();
            return;
        }
    }
    (void)job(unavailable("too much is asked of the database"));
}

void Pool::run(std::shared_ptr<Common> common) {
    serve(*common);
    const std::scoped_lock lock(common->mutex);
    --common->running;
    common->changed.notify_all();
}

void Pool::serve(Common& common) {
    Connection connection(common.settings);
    for (;;) {
        Waiting next;
        {
            std::unique_lock lock(common.mutex);
            common.changed.wait(lock, [&] { return common.is_ending || !common.waiting.empty(); });
            if (common.is_ending) return;
            next = std::move(common.waiting.front());
            common.waiting.pop_front();
        }
        if (next.deadline < std::chrono::steady_clock::now()) {
            (void)next.job(unavailable("no answer in time"));
            continue;
        }
        if (!next.job(connection.get())) connection.drop();
    }
}

}  // namespace gateway::sql
