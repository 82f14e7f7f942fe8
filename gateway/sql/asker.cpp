#include "gateway/sql/asker.h"

namespace gateway::sql {

void Asker::Waiting::await_suspend(std::coroutine_handle<> awaiting) {
    awaiting_ = awaiting;
    position_ = asker_.waiting_.insert(asker_.waiting_.end(), this);
    timer_.expires_after(asker_.timeout_);
    timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& cancelled) {
        const auto there = weak.lock();
        if (cancelled || !there) return;
        (*there)->fail({policy::Reason::StoreUnavailable, "sql: no answer in time"});
        (*there)->resume();
    });
}

// Once: what comes afterwards finds nobody.
void Asker::Waiting::resume() {
    self_.reset();
    timer_.cancel();
    asker_.waiting_.erase(position_);
    awaiting_.resume();
}

void Asker::stop() {
    is_stopped_ = true;
    {
        const std::scoped_lock lock(box_->mutex);
        box_->loop = nullptr;
    }
    while (!waiting_.empty()) {
        auto* const each = waiting_.front();
        each->fail({policy::Reason::StoreUnavailable, "sql: is not used any more"});
        each->resume();
    }
}

}  // namespace gateway::sql
