#include "session/codec.h"

#include <utility>

#include "session/bytes.h"

namespace session {

namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kMost = 100'000;  // Of anything that there are several of.

void write(ByteWriter& out, const Ids& ids) {
    out.number(ids.generation);
    out.number(ids.incarnation);
    out.raw(ids.current);
    out.time(ids.since);
    out.number(ids.former ? 1 : 0);
    if (ids.former) {
        for (const auto& digest : ids.former->digests) out.raw(digest);
        out.number(ids.former->nonce ? 1 : 0);
        if (ids.former->nonce) out.raw(*ids.former->nonce);
    }
    out.number(ids.offer ? 1 : 0);
    if (!ids.offer) return;
    out.raw(ids.offer->digest);
    out.raw(ids.offer->nonce);
}

Ids read_ids(ByteReader& in) {
    Ids ids;
    ids.generation = static_cast<std::uint32_t>(in.count(UINT32_MAX));
    ids.incarnation = static_cast<std::uint32_t>(in.count(UINT32_MAX));
    in.raw(ids.current);
    ids.since = in.time();
    if (in.flag()) {
        Ids::Former former;
        for (auto& digest : former.digests) in.raw(digest);
        if (in.flag()) in.raw(former.nonce.emplace());
        ids.former = former;
    }
    if (!in.flag()) return ids;
    Ids::Offer offer;
    in.raw(offer.digest);
    in.raw(offer.nonce);
    ids.offer = offer;
    return ids;
}

void write(ByteWriter& out, const std::vector<std::string>& texts) {
    out.number(texts.size());
    for (const auto& text : texts) out.text(text);
}

std::vector<std::string> read_texts(ByteReader& in) {
    std::vector<std::string> texts;
    for (auto left = in.count(kMost); left > 0 && in.ok(); --left) texts.push_back(in.text());
    return texts;
}

void write(ByteWriter& out, const policy::ClientEnvironment& client) {
    out.number(client.address.is_v4() ? 1 : 0);
    out.raw(client.address.bytes());
    out.number(static_cast<std::uint64_t>(client.agent.browser));
    out.number(static_cast<std::uint64_t>(client.agent.platform));
    out.number(client.agent.tool);
}

policy::ClientEnvironment read_client(ByteReader& in) {
    policy::ClientEnvironment client;
    const bool is_v4 = in.flag();
    std::array<std::uint8_t, 16> bytes{};
    in.raw(bytes);
    client.address = is_v4 ? policy::IpAddress::v4({bytes[0], bytes[1], bytes[2], bytes[3]})
                           : policy::IpAddress::v6(bytes);
    using policy::Browser, policy::Platform;
    client.agent.browser =
        static_cast<Browser>(in.count(static_cast<std::uint64_t>(Browser::Other)));
    client.agent.platform =
        static_cast<Platform>(in.count(static_cast<std::uint64_t>(Platform::Windows)));
    client.agent.tool = static_cast<std::uint16_t>(in.count(UINT16_MAX));
    return client;
}

void write(ByteWriter& out, const policy::PendingLogin& pending) {
    out.text(pending.identity.user.text());
    out.text(pending.identity.login.text());
    write(out, pending.identity.groups);
    out.text(pending.target);
    out.time(pending.until);
}

policy::PendingLogin read_pending(ByteReader& in) {
    policy::PendingLogin pending;
    pending.identity.user = policy::UserName(in.text());
    pending.identity.login = policy::LoginName(in.text());
    pending.identity.groups = read_texts(in);
    pending.target = in.text();
    pending.until = in.time();
    return pending;
}

void write(ByteWriter& out, const VaultCookie& cookie) {
    for (const auto* text :
         {&cookie.backend, &cookie.name, &cookie.value, &cookie.domain, &cookie.path})
        out.text(*text);
    out.number(cookie.host_only ? 1 : 0);
    out.number(cookie.expires ? 1 : 0);
    if (cookie.expires) out.time(*cookie.expires);
    out.time(cookie.created);
}

VaultCookie read_cookie(ByteReader& in) {
    VaultCookie cookie;
    for (auto* text : {&cookie.backend, &cookie.name, &cookie.value, &cookie.domain, &cookie.path})
        *text = in.text();
    cookie.host_only = in.flag();
    if (in.flag()) cookie.expires = in.time();
    cookie.created = in.time();
    return cookie;
}

}  // namespace

std::string encode(const Session& session) {
    ByteWriter out;
    out.number(kVersion);
    write(out, session.ids);
    out.time(session.created);
    out.time(session.cookie_issued);
    out.number(session.needs_step_up ? 1 : 0);
    out.number(session.jar);
    write(out, session.environment.bound);
    write(out, session.environment.last);
    const auto& authentication = session.authentication;
    out.number(authentication ? 1 : 0);
    if (authentication) {
        out.text(authentication->user.text());
        out.text(authentication->rights->login.text());
        write(out, authentication->rights->groups);
        out.time(authentication->at);
    }
    out.number(session.pending ? 1 : 0);
    if (session.pending) write(out, *session.pending);
    out.number(session.vault.cookies().size());
    for (const auto& cookie : session.vault.cookies()) write(out, cookie);
    return out.take();
}

std::optional<Session> decode(std::string_view bytes) {
    ByteReader in(bytes);
    if (in.number() != kVersion) return std::nullopt;
    Session session;
    session.ids = read_ids(in);
    session.created = in.time();
    session.cookie_issued = in.time();
    session.needs_step_up = in.flag();
    session.jar = static_cast<std::uint32_t>(in.count(UINT32_MAX));
    session.environment.bound = read_client(in);
    session.environment.last = read_client(in);
    if (in.flag()) {
        policy::UserName user(in.text());
        policy::LoginName login(in.text());
        auto groups = read_texts(in);
        session.authentication = Authentication{
            std::move(user), SharedRights({std::move(login), std::move(groups)}), in.time()};
    }
    if (in.flag()) session.pending = read_pending(in);
    std::vector<VaultCookie> cookies;
    for (auto left = in.count(kMost); left > 0 && in.ok(); --left)
        cookies.push_back(read_cookie(in));
    session.vault = Vault(std::move(cookies));
    if (!in.ok() || !in.at_end()) return std::nullopt;
    return session;
}

}  // namespace session
