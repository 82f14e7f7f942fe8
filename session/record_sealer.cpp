#include "session/record_sealer.h"

#include <algorithm>
#include <array>

#include "session/codec.h"

namespace session {

namespace {

using namespace std::string_view_literals;

constexpr auto kDomain = "sallyport/record/v1\0"sv;
constexpr auto kSummary = "summary of "sv;  // The sealer has another use, for cookies.

std::string summary_context(const SessionKey& key) {
    return std::string(kSummary) + key.handle().text();
}

Session without_secrets(const Session& session) {
    Session bare;
    bare.ids.generation = session.ids.generation;
    bare.created = session.created;
    bare.authentication = session.authentication;
    bare.environment = session.environment;
    bare.needs_step_up = session.needs_step_up;
    return bare;
}

}  // namespace

RecordSealer::RecordSealer(const std::vector<CookieKey>& keys) : summaries_(keys) {
    for (const auto& key : keys) entries_.push_back({key.id, HmacSha256(key.bytes)});
}

SealKey RecordSealer::key_of(const Entry& entry, const FamilyId& family) {
    const std::array parts{kDomain, family.text()};
    return SealKey(entry.mac.of(Parts(parts)));
}

policy::Result<std::string> RecordSealer::seal(const Locator& at, const Session& session,
                                               Random& random) const {
    const auto& entry = entries_.front();
    auto sealed = seal_with(key_of(entry, at.family), encode(session), at.handle().text(), random);
    if (sealed) sealed->insert(0, entry.id + ".");
    return sealed;
}

std::optional<Session> RecordSealer::open(const Locator& at, std::string_view sealed) const {
    const auto dot = sealed.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& each) {
        return each.id == sealed.substr(0, dot);
    });
    if (entry == entries_.end()) return std::nullopt;
    const auto plain =
        open_with(key_of(*entry, at.family), sealed.substr(dot + 1), at.handle().text());
    return plain ? decode(*plain) : std::nullopt;
}

policy::Result<std::string> RecordSealer::seal_summary(const SessionKey& key,
                                                       const Session& session,
                                                       Random& random) const {
    return summaries_.seal(encode(without_secrets(session)), summary_context(key), random);
}

std::optional<Session> RecordSealer::open_summary(const SessionKey& key,
                                                  std::string_view sealed) const {
    const auto opened = summaries_.open(sealed, summary_context(key));
    return opened ? decode(opened->plain) : std::nullopt;
}

}  // namespace session
