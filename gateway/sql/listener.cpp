#include "gateway/sql/listener.h"

#include "gateway/io/completion.h"

namespace gateway::sql {
namespace {

constexpr auto kPause = std::chrono::milliseconds(500);
constexpr std::size_t kRemembered = 4000;  // More than are looked at again.

}  // namespace

void Listener::start() {
    session::spawn(run());
}

void Listener::stop() {
    is_stopped_ = true;
    pause_.cancel();
}

Task<void> Listener::run() {
    while (!is_stopped_) {
        const std::function<policy::Result<session::sql::Notices>(session::sql::Database&)> work =
            [last = last_](session::sql::Database& database) { return database.notices(last); };
        const auto notices = co_await asker_.ask<session::sql::Notices>(work);
        if (is_stopped_) break;
        if (notices) hear(*notices);
        if (std::exchange(is_listening_, notices.has_value()) != is_listening_)
            calls_.changed(is_listening_);
        pause_.expires_after(kPause);
        co_await completion([&](auto done) { pause_.async_wait(done); });
    }
}

void Listener::hear(const session::sql::Notices& notices) {
    last_ = std::max(last_.value_or(0), notices.last);
    for (const auto& [id, line] : notices.lines) {
        if (!heard_.insert(id).second) continue;
        if (const auto notice = session::read_notice(line)) calls_.heard(*notice);
    }
    while (heard_.size() > kRemembered) heard_.erase(heard_.begin());
}

}  // namespace gateway::sql
