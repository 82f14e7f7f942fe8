#include "session/seal.h"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>

#include "policy/base/text.h"
#include "session/digest.h"

namespace session {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kDomain = "sallyport/seal/v1\0"sv;
constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;
constexpr std::size_t kMaxKeyId = 8;

struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Free>;

std::uint8_t* bytes_of(std::string& text) {
    return reinterpret_cast<std::uint8_t*>(text.data());
}
const std::uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

// A failure here is one of the library, not of what it is given.
void demand(bool done) {
    if (!done) throw std::runtime_error("AES-256-GCM is not to be had");
}

Cipher begin(const std::array<std::uint8_t, 32>& key, const std::uint8_t* nonce,
             std::string_view context, int encrypt) {
    Cipher cipher(EVP_CIPHER_CTX_new());
    demand(cipher != nullptr);
    demand(EVP_CipherInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), nonce,
                             encrypt) == 1);
    int ignored = 0;
    demand(EVP_CipherUpdate(cipher.get(), nullptr, &ignored, bytes_of(context),
                            static_cast<int>(context.size())) == 1);
    return cipher;
}

}  // namespace

policy::Result<std::string> seal_with(const SealKey& key, std::string_view plain,
                                      std::string_view context, Random& random) {
    std::string sealed(kNonce + plain.size() + kTag, '\0');
    auto* const nonce = bytes_of(sealed);
    const auto filled = random.fill({nonce, kNonce});
    if (!filled) return tl::unexpected(filled.error());
    auto* const body = nonce + kNonce;
    const auto cipher = begin(key.reveal(), nonce, context, 1);
    int written = 0, rest = 0;
    demand(EVP_CipherUpdate(cipher.get(), body, &written, bytes_of(plain),
                            static_cast<int>(plain.size())) == 1);
    demand(EVP_CipherFinal_ex(cipher.get(), body + written, &rest) == 1);
    demand(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag, body + plain.size()) == 1);
    return sealed;
}

std::optional<std::string> open_with(const SealKey& key, std::string_view sealed,
                                     std::string_view context) {
    if (sealed.size() < kNonce + kTag) return std::nullopt;
    const auto size = sealed.size() - kNonce - kTag;
    const auto body = sealed.substr(kNonce, size);
    std::string tag(sealed.substr(kNonce + size));
    const auto cipher = begin(key.reveal(), bytes_of(sealed), context, 0);
    std::string opened(size, '\0');
    int written = 0, rest = 0;
    auto* const plain = bytes_of(opened);
    demand(EVP_CipherUpdate(cipher.get(), plain, &written, bytes_of(body),
                            static_cast<int>(size)) == 1);
    demand(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1);
    if (EVP_CipherFinal_ex(cipher.get(), plain + written, &rest) == 1) return opened;
    policy::wipe(plain, size);
    return std::nullopt;
}

Sealer::Sealer(const std::vector<CookieKey>& keys) {
    for (const auto& key : keys) {
        Entry entry{key.id, SealKey(HmacSha256(key.bytes).of(kDomain))};
        entries_.push_back(std::move(entry));
    }
}

policy::Result<std::string> Sealer::seal(std::string_view plain, std::string_view context,
                                         Random& random) const {
    const auto& [id, key] = entries_.front();
    const auto sealed = seal_with(key, plain, context, random);
    if (!sealed) return tl::unexpected(sealed.error());
    return id + "." + policy::to_base64url({bytes_of(std::string_view(*sealed)), sealed->size()});
}

std::optional<Sealer::Opened> Sealer::open(std::string_view sealed,
                                           std::string_view context) const {
    const auto dot = sealed.find('.');
    if (dot == std::string_view::npos || dot > kMaxKeyId) return std::nullopt;
    const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& each) {
        return each.id == sealed.substr(0, dot);
    });
    const auto bytes = policy::from_base64url(sealed.substr(dot + 1));
    if (entry == entries_.end() || !bytes) return std::nullopt;
    auto plain = open_with(entry->key, *bytes, context);
    if (!plain) return std::nullopt;
    return Opened{std::move(*plain), entry != entries_.begin()};
}

std::size_t Sealer::size_of(std::size_t plain) {
    return kMaxKeyId + 1 + (kNonce + plain + kTag + 2) / 3 * 4;
}

}  // namespace session
