// The SHA256_ functions are deprecated in favour of EVP, which allocates and looks parameters up
// for each digest: with it a cookie's check takes 600 ns, with these 250. They choose the
// processor's SHA instructions just the same and stay for all of OpenSSL 3. Only this file calls
// them.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "session/digest.h"

#include <algorithm>
#include <cstdlib>

namespace session {

namespace {

using Block = std::array<char, SHA256_CBLOCK>;

// A digest that cannot be made leaves nothing that could be refused or answered safely.
void require(int worked) {
    if (worked != 1) std::abort();
}

void absorb(SHA256_CTX& state, std::string_view bytes) {
    require(SHA256_Update(&state, bytes.data(), bytes.size()));
}

// The digest of what `state` has seen and `message` behind it.
Digest go_on(const SHA256_CTX& state, Parts message) {
    policy::SecretValue<SHA256_CTX> running(state);
    for (const auto part : message) absorb(running.reveal(), part);
    Digest digest;
    require(SHA256_Final(digest.data(), &running.reveal()));
    return digest;
}

std::string_view text_of(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// RFC 2104 §2: zeros behind the key fill a block; a key longer than a block is hashed first.
policy::SecretValue<Block> block_of(std::string_view key) {
    policy::SecretValue<Block> block;
    if (key.size() <= block.reveal().size()) {
        std::copy(key.begin(), key.end(), block.reveal().begin());
        return block;
    }
    const policy::SecretValue<Digest> digest(Sha256().of(key));
    const auto text = text_of(digest.reveal());
    std::copy(text.begin(), text.end(), block.reveal().begin());
    return block;
}

// The state behind the block of the key, each byte combined with `pad`.
policy::SecretValue<SHA256_CTX> state_behind(const policy::SecretValue<Block>& key, char pad) {
    policy::SecretValue<Block> padded;
    std::transform(key.reveal().begin(), key.reveal().end(), padded.reveal().begin(),
                   [pad](char byte) { return static_cast<char>(byte ^ pad); });
    policy::SecretValue<SHA256_CTX> state;
    require(SHA256_Init(&state.reveal()));
    absorb(state.reveal(), {padded.reveal().data(), padded.reveal().size()});
    return state;
}

}  // namespace

Sha256::Sha256() {
    require(SHA256_Init(&fresh_));
}

Digest Sha256::of(Parts message) const {
    return go_on(fresh_, message);
}

HmacSha256::HmacSha256(const policy::Secret& key) {
    const auto block = block_of(key.reveal());
    inner_ = state_behind(block, 0x36);
    outer_ = state_behind(block, 0x5C);
}

Digest HmacSha256::of(Parts message) const {
    const policy::SecretValue<Digest> inner(go_on(inner_.reveal(), message));
    const auto text = text_of(inner.reveal());
    return go_on(outer_.reveal(), Parts(&text, 1));
}

}  // namespace session
