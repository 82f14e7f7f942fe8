#include "gateway/question.h"

#include "gateway/body_start.h"

namespace gateway {
namespace {

using Freshness = UpstreamSource::Freshness;

Task<policy::Result<void>> ignore_interim(const policy::ResponseHead&) {
    co_return policy::ok();
}

struct Asked {
    policy::Result<policy::AskedAnswer> answer;
    bool is_stale = false;  // Nothing came from a connection that had been used before.
};

Task<Asked> ask(UpstreamSource& upstreams, const policy::Permit& permit,
                const policy::FieldList& fields, std::size_t most, Freshness freshness,
                policy::Arena& arena) {
    auto upstream = co_await upstreams.acquire(*permit.route().backend, freshness);
    if (!upstream) co_return Asked{tl::unexpected(upstream.error())};
    const auto sent = co_await (*upstream)->send(permit, fields, {}, {});
    if (!sent) co_return Asked{tl::unexpected(sent.error()), (*upstream)->may_be_stale()};
    const auto head = co_await (*upstream)->read_head(ignore_interim);
    if (!head) co_return Asked{tl::unexpected(head.error()), (*upstream)->may_be_stale()};

    policy::AskedAnswer answer;
    const auto start = co_await read_start(**upstream, most);
    answer.status = (*head)->status;
    for (const auto& [name, value] : (*head)->fields)
        answer.fields.add(arena.keep(name), arena.keep(value));
    answer.body = body_of(start, answer.fields);
    answer.body.text = arena.keep(answer.body.text);
    upstreams.release(std::move(*upstream));
    co_return Asked{std::move(answer)};
}

}  // namespace

Task<policy::Result<policy::AskedAnswer>> put_question(UpstreamSource& upstreams,
                                                       policy::Permit permit,
                                                       const policy::FieldList& fields,
                                                       std::size_t most, policy::Arena& arena) {
    auto asked = co_await ask(upstreams, permit, fields, most, Freshness::Any, arena);
    if (asked.is_stale)
        asked = co_await ask(upstreams, permit, fields, most, Freshness::New, arena);
    co_return std::move(asked.answer);
}

}  // namespace gateway
