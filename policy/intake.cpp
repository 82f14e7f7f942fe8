#include "policy/intake.h"

#include "policy/base/text.h"

namespace policy {
namespace {

std::string_view value_of(const RequestHead& head, std::string_view name) {
    const Field* field = head.fields.find(name);
    return field ? field->value : std::string_view{};
}

bool is_navigation(const RequestHead& head) {
    if (head.method != Method::Get && head.method != Method::Head) return false;
    const auto mode = value_of(head, "Sec-Fetch-Mode");
    if (!mode.empty()) return mode == "navigate";
    const bool scripted =
        equals_ignoring_case(value_of(head, "X-Requested-With"), "XMLHttpRequest");
    return !scripted && value_of(head, "Accept").find("text/html") != std::string_view::npos;
}

}  // namespace

Result<RequestFacts> read_facts(const RequestHead& head, std::string_view raw_target,
                                const IpAddress& client) {
    // Backends differ on which one counts, and a login form is read by it.
    if (head.fields.count("Content-Type") > 1) return fail(Reason::BadFieldValue);
    auto target = parse_target(raw_target);
    if (!target) return tl::unexpected(target.error());
    auto authority = request_authority(head, target->authority);
    if (!authority) return tl::unexpected(authority.error());
    const auto forwarded = target->origin;
    return RequestFacts{head.method,
                        std::move(authority->host),
                        authority->port,
                        std::move(*target),
                        forwarded,
                        client,
                        value_of(head, "User-Agent"),
                        is_navigation(head),
                        &head.fields};
}

}  // namespace policy
