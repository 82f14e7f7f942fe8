#include "gateway/store/shared.h"

namespace gateway {

// In that order: what happens from now on is heard of, and what happened before is asked for.
session::Task<void> follow_notices(session::SharedKnowledge& knowledge, session::SharedStore& store,
                                   bool is_listening, std::function<void()> recheck) {
    if (!is_listening) co_return knowledge.set_listening(false);
    const auto caught_up = co_await store.catch_up();
    if (!caught_up) co_return;
    knowledge.set_listening(true);
    recheck();
}

}  // namespace gateway
