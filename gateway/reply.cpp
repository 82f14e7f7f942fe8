#include "gateway/reply.h"

namespace gateway {
namespace {

// Nothing in it comes from outside: there is nothing to escape.
std::string html_page(std::string_view title, std::string_view content) {
    std::string text("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>");
    text.append(title).append("</title><h1>").append(title).append("</h1>").append(content);
    return text.append("\n");
}

std::string page(const Reply& reply) {
    if (!reply.html.empty()) return reply.html;
    std::string text = std::to_string(reply.status);
    text.append(" ").append(policy::reason_phrase(reply.status)).append("\n");
    if (!reply.request_id.empty())
        text.append("Request id: ").append(reply.request_id).append("\n");
    return text;
}

}  // namespace

Reply refusal(policy::Reason reason, std::string_view request_id) {
    Reply reply{policy::status_of(reason), {}, {}, std::string(request_id)};
    // The link leads here once more, now from a page of the same site: both cookies will come.
    if (reason == policy::Reason::WriteCookieRequired)
        reply.html = html_page("One more step",
                               "<p>You came from another site, so nothing was changed. "
                               "<a href=\"\">Go on</a>, and do it again if you meant it.</p>");
    return reply;
}

Reply logout_page(std::string_view path, std::string_view request_id) {
    Reply reply{200, {}, {}, std::string(request_id)};
    std::string form("<form method=\"post\" action=\"");
    form.append(path).append("\"><button>Log out</button></form>");
    reply.html = html_page("Log out", form);
    return reply;
}

Task<policy::Result<void>> write_reply(Client& client, Reply reply) {
    const auto body = page(reply);
    policy::FieldList fields;
    const bool is_html = !reply.html.empty();
    fields.add("Content-Type", is_html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8");
    if (is_html)
        fields.add("Content-Security-Policy",
                   "default-src 'none'; form-action 'self'; base-uri 'none'; "
                   "frame-ancestors 'none'");
    fields.add("X-Content-Type-Options", "nosniff");
    fields.add("Cache-Control", "no-store");
    if (!reply.request_id.empty()) fields.add("X-Request-Id", reply.request_id);
    if (!reply.location.empty()) fields.add("Location", reply.location);
    if (!reply.own_cookie.empty()) fields.add("Set-Cookie", reply.own_cookie);
    for (const auto& [name, value] : reply.own_fields) fields.add(name, value);
    if (reply.status == 503 || reply.status == 429) fields.add("Retry-After", "5");

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
