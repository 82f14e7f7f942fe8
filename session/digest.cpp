#include "session/digest.h"

#include <cstdlib>

#include <openssl/core_names.h>
#include <openssl/params.h>

namespace session {

namespace {

// A digest that cannot be made leaves nothing that could be refused or answered safely.
void require(bool worked) {
    if (!worked) std::abort();
}

EVP_MAC_CTX* new_hmac_context() {
    EVP_MAC* const mac = EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr);
    require(mac != nullptr);
    EVP_MAC_CTX* const context = EVP_MAC_CTX_new(mac);
    EVP_MAC_free(mac);  // The context keeps its own reference.
    require(context != nullptr);
    return context;
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Sha256::Sha256() : md_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
    require(md_ && context_);
}

Digest Sha256::of(std::string_view bytes) {
    Digest digest{};
    require(EVP_DigestInit_ex2(context_.get(), md_.get(), nullptr) == 1);
    require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
    require(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1);
    return digest;
}

HmacSha256::HmacSha256(const policy::Secret& key) : context_(new_hmac_context()) {
    char sha256[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha256, 0),
        OSSL_PARAM_construct_end(),
    };
    require(EVP_MAC_init(context_.get(), bytes_of(key.reveal()), key.reveal().size(), parameters) ==
            1);
}

Digest HmacSha256::of(std::string_view bytes) {
    Digest digest{};
    std::size_t written = 0;
    require(EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1);  // Keeps the key.
    require(EVP_MAC_update(context_.get(), bytes_of(bytes), bytes.size()) == 1);
    require(EVP_MAC_final(context_.get(), digest.data(), &written, digest.size()) == 1);
    require(written == digest.size());
    return digest;
}

}  // namespace session
