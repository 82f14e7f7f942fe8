// SharedStore as an administrator sees it.

#include <utility>

#include "session/selection.h"
#include "session/shared_store.h"

namespace session {

namespace {

using policy::Reason;

bool is_by_time_only(const Selection& selection) {
    return !selection.handle && !selection.user && !selection.network;
}

}  // namespace

// A row whose summary cannot be read belongs to keys that are gone, and nobody can use it.
void SharedStore::sort_out(const Selection& selection, std::size_t most, const Page& page,
                           Found& found) const {
    for (const auto& [key, row] : page.rows) {
        auto session = sealer_.open_summary(key, row.summary);
        if (!session || row.begun < knowledge_.epoch()) continue;
        if (!is_meant(selection, key, *session)) continue;
        const Record record{std::make_shared<const Session>(std::move(*session)), row.expires,
                            row.idle, row.last_seen};
        found.meant.push_back({key, row.expires});
        if (found.first.size() < most) found.first.push_back(summary_of(key, record));
    }
}

Task<policy::Result<SharedStore::Found>> SharedStore::find(Selection selection, std::size_t most) {
    Found found;
    if (selection.handle) {
        const auto key = SessionKey::parse(*selection.handle);
        if (!key) co_return found;
        auto row = noted(co_await table_.describe(*key));
        if (!row) co_return tl::unexpected(row.error());
        Page page;
        if (*row) page.rows.emplace_back(*key, std::move(**row));
        sort_out(selection, most, page, found);
        co_return found;
    }
    if (selection.user) {
        const auto page = noted(co_await table_.of_user(user_index(*selection.user, sha_)));
        if (!page) co_return tl::unexpected(page.error());
        sort_out(selection, most, *page, found);
        co_return found;
    }
    Page page;
    do {
        auto next = noted(co_await table_.page(std::move(page.next)));
        if (!next) co_return tl::unexpected(next.error());
        page = std::move(*next);
        sort_out(selection, most, page, found);
    } while (!page.next.empty());
    co_return found;
}

Task<policy::Result<std::vector<Summary>>> SharedStore::list(Selection selection,
                                                             std::size_t most) {
    auto found = co_await find(std::move(selection), most);
    if (!found) co_return tl::unexpected(found.error());
    co_return std::move(found->first);
}

// Where time alone decides, the epoch ends them all before they are looked for one by one.
Task<policy::Result<Revoked>> SharedStore::revoke(Selection selection, Mode mode,
                                                  std::size_t most) {
    auto found = co_await find(selection, most);
    if (!found) co_return tl::unexpected(found.error());
    if (mode == Mode::ForReal && is_by_time_only(selection)) {
        const auto epoch =
            selection.created_before.value_or(knowledge_.clock.now() + policy::Duration(1));
        const auto raised = noted(co_await table_.raise_epoch(epoch));
        if (!raised) co_return tl::unexpected(raised.error());
        knowledge_.raise_epoch(epoch);
    }
    Revoked revoked{found->meant.size(), std::move(found->first)};
    if (mode == Mode::Rehearsal) co_return revoked;
    revoked.sessions = 0;
    for (const auto& [key, expires] : found->meant) {
        const auto ended = co_await end(key, Reason::Revoked, expires);
        if (!ended) co_return tl::unexpected(ended.error());
        if (*ended == Write::Done) ++revoked.sessions;
    }
    co_return revoked;
}

}  // namespace session
