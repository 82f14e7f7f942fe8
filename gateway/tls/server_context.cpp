#include "gateway/tls/server_context.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <openssl/err.h>

#include "policy/base/secret.h"

namespace gateway {
namespace {

using policy::Reason;

constexpr auto kTls12Suites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr auto kTls13Suites =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr auto kGroups = "X25519:P-256:P-384";  // OpenSSL 3.0 has no hybrid group yet.

std::string openssl_error() {
    const auto code = ERR_peek_last_error();
    const char* text = ERR_reason_error_string(code);
    ERR_clear_error();
    return text ? text : "unknown reason";
}

tl::unexpected<policy::Error> refuse(const std::string& what) {
    return policy::fail(Reason::Internal, what + ": " + openssl_error());
}

// RFC 7301: a client that offers other protocols only is refused instead of misunderstood.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
    static constexpr std::string_view kHttp11 = "http/1.1";
    for (unsigned int at = 0; at < offered_size; at += 1u + offered[at]) {
        const auto* name = offered + at + 1;
        if (at + 1u + offered[at] > offered_size) break;
        if (std::equal(name, name + offered[at], kHttp11.begin(), kHttp11.end())) {
            *chosen = name;
            *size = offered[at];
            return SSL_TLSEXT_ERR_OK;
        }
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool restrict_protocol(SSL_CTX* context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, kTls12Suites) == 1 &&
           SSL_CTX_set_ciphersuites(context, kTls13Suites) == 1 &&
           SSL_CTX_set1_groups_list(context, kGroups) == 1 &&
           SSL_CTX_set_max_early_data(context, 0) == 1;  // RFC 8470; TLS-006.
}

void set_speed(SSL_CTX* context) {
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 1);
}

bool set_tickets(SSL_CTX* context, TicketKeys& tickets) {
    static constexpr unsigned char kContextId[] = "sallyport";
    auto& keys = tickets.bytes();
    return SSL_CTX_set_session_id_context(context, kContextId, sizeof kContextId - 1) == 1 &&
           SSL_CTX_set_tlsext_ticket_keys(context, keys.data(), keys.size()) == 1;
}

}  // namespace

policy::Result<TicketKeys> TicketKeys::generate(session::Random& random) {
    TicketKeys keys;
    const auto filled = random.fill(keys.bytes_);
    if (!filled) return tl::unexpected(filled.error());
    return keys;
}

TicketKeys::~TicketKeys() {
    policy::wipe(bytes_.data(), bytes_.size());
}

policy::Result<TlsContext> make_server_context(const std::filesystem::path& certificate,
                                               const std::filesystem::path& key,
                                               TicketKeys& tickets) {
    TlsContext context(SSL_CTX_new(TLS_server_method()));
    if (!context || !restrict_protocol(context.get()) || !set_tickets(context.get(), tickets))
        return refuse("TLS cannot be set up");
    set_speed(context.get());
    // Without this OpenSSL would ask at the terminal for the passphrase of an encrypted key.
    SSL_CTX_set_default_passwd_cb(context.get(), [](char*, int, int, void*) { return 0; });
    SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
    if (SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) != 1)
        return refuse(certificate.string() + " is not a usable certificate chain");
    if (SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1)
        return refuse(key.string() + " is not a usable private key");
    if (SSL_CTX_check_private_key(context.get()) != 1)
        return refuse(key.string() + " is not the key of " + certificate.string());
    return context;
}

}  // namespace gateway
