#include "gateway/question.h"

#include <algorithm>

#include "policy/base/text.h"

namespace gateway {
namespace {

using State = policy::AnswerBody::State;
using Freshness = UpstreamSource::Freshness;

// What comes compressed although that was not asked for: nothing can be found in it.
bool is_encoded(const policy::FieldList& fields) {
    return std::any_of(fields.begin(), fields.end(), [](const policy::Field& field) {
        return policy::equals_ignoring_case(field.name, "Content-Encoding") &&
               !policy::equals_ignoring_case(field.value, "identity");
    });
}

Task<policy::Result<void>> ignore_interim(const policy::ResponseHead&) {
    co_return policy::ok();
}

struct Asked {
    policy::AskedAnswer answer;
    bool is_stale = false;  // Nothing came from a connection that had been used before.
};

Task<Asked> ask(UpstreamSource& upstreams, const policy::Permit& permit,
                const policy::FieldList& fields, std::size_t most, Freshness freshness,
                policy::Arena& arena) {
    Asked asked;
    auto upstream = co_await upstreams.acquire(*permit.route().backend, freshness);
    if (!upstream) co_return asked;
    const auto sent = co_await (*upstream)->send(permit, fields, {}, {});
    if (!sent) {
        asked.is_stale = (*upstream)->may_be_stale();
        co_return asked;
    }
    const auto head = co_await (*upstream)->read_head(ignore_interim);
    if (!head) {
        asked.is_stale = (*upstream)->may_be_stale();
        co_return asked;
    }
    const auto start = co_await read_start(**upstream, most);
    asked.answer.status = (*head)->status;
    for (const auto& [name, value] : (*head)->fields)
        asked.answer.fields.add(arena.keep(name), arena.keep(value));
    asked.answer.body = body_of(start, asked.answer.fields);
    asked.answer.body.text = arena.keep(asked.answer.body.text);
    upstreams.release(std::move(*upstream));
    co_return asked;
}

}  // namespace

Task<policy::AskedAnswer> put_question(UpstreamSource& upstreams, policy::Permit permit,
                                       const policy::FieldList& fields, std::size_t most,
                                       policy::Arena& arena) {
    auto asked = co_await ask(upstreams, permit, fields, most, Freshness::Any, arena);
    if (asked.is_stale)
        asked = co_await ask(upstreams, permit, fields, most, Freshness::New, arena);
    co_return std::move(asked.answer);
}

Task<BodyStart> read_start(Upstream& upstream, std::size_t most) {
    BodyStart start;
    while (start.text.size() < most) {
        const auto piece = co_await upstream.read_body();
        if (!piece) start.error = piece.error();
        start.is_complete = piece && piece->empty();
        if (!piece || piece->empty()) break;
        start.text.append(*piece);
    }
    co_return start;
}

policy::AnswerBody body_of(const BodyStart& start, const policy::FieldList& fields) {
    if (is_encoded(fields)) return {State::Encoded, start.text};
    if (start.error) return {State::CutOff, start.text};
    return {start.is_complete ? State::Whole : State::Begun, start.text};
}

}  // namespace gateway
