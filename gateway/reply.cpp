#include "gateway/reply.h"

namespace gateway {
namespace {

std::string page(const Reply& reply) {
    std::string text = std::to_string(reply.status);
    text.append(" ").append(policy::reason_phrase(reply.status)).append("\n");
    if (!reply.request_id.empty())
        text.append("Request id: ").append(reply.request_id).append("\n");
    return text;
}

}  // namespace

Reply refusal(policy::Reason reason, std::string_view request_id) {
    return {policy::status_of(reason), {}, {}, std::string(request_id)};
}

Task<policy::Result<void>> write_reply(Client& client, Reply reply) {
    const auto body = page(reply);
    policy::FieldList fields;
    fields.add("Content-Type", "text/plain; charset=utf-8");
    fields.add("X-Content-Type-Options", "nosniff");
    fields.add("Cache-Control", "no-store");
    if (!reply.request_id.empty()) fields.add("X-Request-Id", reply.request_id);
    if (!reply.location.empty()) fields.add("Location", reply.location);
    if (!reply.own_cookie.empty()) fields.add("Set-Cookie", reply.own_cookie);
    if (reply.status == 503) fields.add("Retry-After", "5");

    client.abandon_body();
    // Whoever sent something malformed may not agree with us where the next request begins.
    if (reply.status == 400) client.close_after_answer();
    client.write_head(reply.status, fields, {policy::Framing::Kind::Length, body.size()});
    if (client.head().method != policy::Method::Head) {
        const auto written = co_await client.write_body(body);
        if (!written) co_return written;
    }
    co_return co_await client.finish();
}

}  // namespace gateway
