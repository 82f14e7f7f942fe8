#include "session/token.h"

#include <array>

namespace session {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kVersion = "v1";
constexpr std::size_t kMaxKeyId = 8;
constexpr std::string_view kProofDomain = "sallyport/write-cookie/v1\0"sv;

std::string_view domain_of(TokenFormat::Use use) {
    return use == TokenFormat::Use::Cookie ? "sallyport/session-cookie/v1\0"sv
                                           : "sallyport/session-header/v1\0"sv;
}

struct Fields {
    std::string_view signed_part;  // Everything before the last dot.
    std::string_view key_id;
    std::string_view family;
    std::string_view id;
    std::string_view tag;
};

// Takes off the front of `text` what stands before its first dot, and the dot.
std::optional<std::string_view> take_field(std::string_view& text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto field = text.substr(0, dot);
    text.remove_prefix(dot + 1);
    return field;
}

std::optional<std::string_view> take_key_id(std::string_view& text) {
    const auto version = take_field(text);
    const auto key_id = take_field(text);
    if (!version || !key_id || *version != kVersion) return std::nullopt;
    if (key_id->empty() || key_id->size() > kMaxKeyId) return std::nullopt;
    return key_id;
}

// Looks at lengths only: whether the characters are ours is for the tag to say.
std::optional<Fields> split(std::string_view text) {
    auto rest = text;
    const auto key_id = take_key_id(rest);
    const auto family = take_field(rest);
    const auto id = take_field(rest);
    if (!key_id || !family || !id) return std::nullopt;
    if (family->size() != FamilyId::kCharacters || id->size() != SessionId::kCharacters ||
        rest.size() != KeyRing::kTagCharacters) {
        return std::nullopt;
    }
    return Fields{text.substr(0, text.size() - rest.size() - 1), *key_id, *family, *id, rest};
}

policy::Secret join(std::initializer_list<std::string_view> parts) {
    std::size_t size = 0;
    for (const auto part : parts) size += part.size();
    std::string joined;
    joined.reserve(size);  // Growing would leave copies of the id behind.
    for (const auto part : parts) joined += part;
    return policy::Secret(std::move(joined));
}

// What the tag covers. The host stands last, so no two pairs give the same bytes.
std::array<std::string_view, 4> tagged_bytes(std::string_view domain, std::string_view signed_part,
                                             std::string_view host) {
    return {domain, signed_part, "\0"sv, host};
}

policy::Secret signed_part(std::string_view key_id, const FamilyId& family, const SessionId& id) {
    return join({kVersion, ".", key_id, ".", family.text(), ".", id.reveal()});
}

}  // namespace

policy::Secret TokenFormat::make(Use use, const FamilyId& family, const SessionId& id,
                                 std::string_view host) const {
    const auto text = signed_part(keys_.signing_id(), family, id);
    const auto tag = keys_.sign(tagged_bytes(domain_of(use), text.reveal(), host));
    return join({text.reveal(), ".", tag});
}

std::optional<TokenFormat::Read> TokenFormat::read(Use use, std::string_view text,
                                                   std::string_view host) const {
    const auto fields = split(text);
    if (!fields) return std::nullopt;
    const auto message = tagged_bytes(domain_of(use), fields->signed_part, host);
    const auto verdict = keys_.verify(fields->key_id, message, fields->tag);
    if (verdict == KeyRing::Verdict::Forged) return std::nullopt;
    const auto family = FamilyId::parse(fields->family);
    auto id = SessionId::parse(fields->id);
    if (!family || !id) return std::nullopt;
    return Read{{*family, std::move(*id)}, verdict == KeyRing::Verdict::GenuineUnderOldKey};
}

std::string TokenFormat::make_proof(const FamilyId& family, const SessionId& id,
                                    std::string_view host) const {
    const auto& key_id = keys_.signing_id();
    const auto text = signed_part(key_id, family, id);
    const auto tag = keys_.sign(tagged_bytes(kProofDomain, text.reveal(), host));
    return std::string(kVersion) + "." + key_id + "." + tag;
}

bool TokenFormat::proves(std::string_view proof, const Ticket& ticket,
                         std::string_view host) const {
    auto tag = proof;
    const auto key_id = take_key_id(tag);
    if (!key_id || tag.size() != KeyRing::kTagCharacters) return false;
    const auto text = signed_part(*key_id, ticket.family, ticket.id);
    const auto message = tagged_bytes(kProofDomain, text.reveal(), host);
    return keys_.verify(*key_id, message, tag) != KeyRing::Verdict::Forged;
}

}  // namespace session
