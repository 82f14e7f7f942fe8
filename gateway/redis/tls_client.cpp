#include "gateway/redis/tls_client.h"

#include <filesystem>

namespace gateway::redis {
namespace {

using Context = boost::asio::ssl::context;
using boost::system::error_code;

tl::unexpected<policy::Error> refuse(const std::filesystem::path& file, const error_code& why) {
    return policy::fail(policy::Reason::Internal, "redis: " + file.string() + ": " + why.message());
}

}  // namespace

policy::Result<std::unique_ptr<TlsClient>> make_tls_client(
    const session::redis::Settings& settings) {
    if (!settings.tls) return nullptr;
    const auto& tls = *settings.tls;
    auto client = std::make_unique<TlsClient>();
    client->server_name = tls.server_name;
    Context& context = client->context;
    context.set_options(Context::default_workarounds | Context::no_tlsv1 | Context::no_tlsv1_1);
    context.set_verify_mode(boost::asio::ssl::verify_peer);
    error_code failed;
    if (tls.ca.empty()) {
        context.set_default_verify_paths(failed);
    } else {
        context.load_verify_file(tls.ca.string(), failed);
    }
    if (failed) return refuse(tls.ca, failed);
    if (tls.certificate.empty()) return client;
    context.use_certificate_chain_file(tls.certificate.string(), failed);
    if (failed) return refuse(tls.certificate, failed);
    context.use_private_key_file(tls.key.string(), Context::pem, failed);
    if (failed) return refuse(tls.key, failed);
    return client;
}

}  // namespace gateway::redis
