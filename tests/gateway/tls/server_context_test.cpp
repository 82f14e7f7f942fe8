#include "gateway/tls/server_context.h"

#include <gmock/gmock.h>

#include "tests/support/tls_link.h"

namespace gateway {
namespace {

using std::string_literals::operator""s;
using testing::HasSubstr;

struct ServerContextTest : testing::Test {
    support::TlsServer server;

    std::string complaint() {
        const auto context = server.context();
        return context ? "none" : context.error().context;
    }
    std::string file(const std::string& name) const { return server.folder.file(name).string(); }
};

TEST_F(ServerContextTest, TakesACertificateAndItsKey) {
    EXPECT_EQ(complaint(), "none");
}

TEST_F(ServerContextTest, SaysWhichCertificateItCannotUse) {
    server.folder.write("tls.pem", "-----BEGIN CERTIFICATE-----\nnonsense\n");

    EXPECT_THAT(complaint(), HasSubstr(file("tls.pem") + " is not a usable certificate chain: "));
}

TEST_F(ServerContextTest, SaysWhichCertificateIsMissing) {
    std::filesystem::remove(file("tls.pem"));

    EXPECT_THAT(complaint(), HasSubstr(file("tls.pem") + " is not a usable certificate chain: "));
}

TEST_F(ServerContextTest, SaysWhichKeyItCannotUse) {
    server.folder.write("tls.key", "nonsense");

    EXPECT_THAT(complaint(), HasSubstr(file("tls.key") + " is not a usable private key: "));
}

TEST_F(ServerContextTest, SaysThatTheKeyBelongsToAnotherCertificate) {
    server.folder.write("tls.key", support::make_certificate().key);

    const auto said = complaint();

    EXPECT_THAT(said, HasSubstr(file("tls.key")));
    EXPECT_THAT(said, HasSubstr("key values mismatch"));
}

TEST_F(ServerContextTest, NeverQuotesAKeyInAComplaint) {
    const auto key = support::make_certificate().key;
    server.folder.write("tls.key", key);

    EXPECT_EQ(complaint().find(key.substr(30, 20)), std::string::npos);
}

TEST(TicketKeys, AreNotMadeWithoutRandomness) {
    support::FakeRandom random;
    random.fail();

    EXPECT_EQ(TicketKeys::generate(random).error().reason, policy::Reason::RandomUnavailable);
}

// Made once, for tests that change nothing about it.
support::TlsServer& common_server() {
    static support::TlsServer server;
    return server;
}

// A client that may be restricted, at a listener.
struct Negotiation : testing::Test {
    support::Loop loop;
    TlsContext context = common_server().context().value();
    support::ClientContext client = support::make_client_context();

    bool is_accepted() {
        support::TlsLink link(loop, *context, *client);
        return link.shake();
    }
    void offer(const std::string& protocols) {
        SSL_CTX_set_alpn_protos(client.get(),
                                reinterpret_cast<const unsigned char*>(protocols.data()),
                                static_cast<unsigned>(protocols.size()));
    }
    std::string chosen_protocol() {
        support::TlsLink link(loop, *context, *client);
        if (!link.shake()) return "refused";
        const unsigned char* name = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(link.client.ssl(), &name, &size);
        return {reinterpret_cast<const char*>(name), size};
    }
};

TEST_F(Negotiation, ClientsWithoutAlpnAreServed) {
    EXPECT_EQ(chosen_protocol(), "");
}

TEST_F(Negotiation, Http11IsChosenWhereverItStands) {
    offer("\x02h2\x08http/1.1\x06spdy/3");

    EXPECT_EQ(chosen_protocol(), "http/1.1");
}

TEST_F(Negotiation, ClientsThatSpeakOnlyOtherProtocolsAreRefused) {
    offer("\x02h2");

    EXPECT_EQ(chosen_protocol(), "refused");
}

TEST_F(Negotiation, ALongerNameIsNotHttp11) {
    offer("\x0bhttp/1.1-ng");

    EXPECT_EQ(chosen_protocol(), "refused");
}

TEST_F(Negotiation, NothingBelowTls12IsSpoken) {
    SSL_CTX_set_security_level(client.get(), 0);
    SSL_CTX_set_min_proto_version(client.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(client.get(), TLS1_1_VERSION);

    EXPECT_FALSE(is_accepted());
}

TEST_F(Negotiation, SuitesWithoutForwardSecrecyAreRefused) {
    SSL_CTX_set_max_proto_version(client.get(), TLS1_2_VERSION);
    ASSERT_EQ(SSL_CTX_set_cipher_list(client.get(), "AES128-GCM-SHA256:AES256-SHA"), 1);

    EXPECT_FALSE(is_accepted());
}

TEST_F(Negotiation, SuitesWithoutAuthenticatedEncryptionAreRefused) {
    SSL_CTX_set_max_proto_version(client.get(), TLS1_2_VERSION);
    ASSERT_EQ(SSL_CTX_set_cipher_list(client.get(), "ECDHE-ECDSA-AES128-SHA"), 1);

    EXPECT_FALSE(is_accepted());
}

struct Resumption : testing::TestWithParam<int> {
    support::Loop loop;
    support::TlsServer& server = common_server();
    TlsContext first_worker = server.context().value();
    support::ClientContext client = support::make_client_context();

    Resumption() { SSL_CTX_set_max_proto_version(client.get(), GetParam()); }

    // A session that `context` gave to the client.
    std::shared_ptr<SSL_SESSION> session_from(SSL_CTX& context) {
        support::TlsLink link(loop, context, *client);
        EXPECT_TRUE(link.shake());
        link.client.read();          // In TLS 1.3 the ticket comes after the handshake.
        link.client.close_notify();  // OpenSSL drops the session of a connection that broke.
        return {SSL_get1_session(link.client.ssl()), SSL_SESSION_free};
    }
    bool is_resumed(SSL_CTX& context, SSL_SESSION& session) {
        support::TlsLink link(loop, context, *client);
        SSL_set_session(link.client.ssl(), &session);
        return link.shake() && SSL_session_reused(link.client.ssl()) == 1;
    }
};

TEST_P(Resumption, WorksAtEveryWorkerBecauseTheyShareTheTicketKeys) {
    const auto second_worker = server.context().value();

    const auto session = session_from(*first_worker);

    EXPECT_TRUE(is_resumed(*second_worker, *session));
}

TEST_P(Resumption, DoesNotWorkWithTheKeysOfAnotherProcess) {
    auto tickets = TicketKeys::generate(server.random).value();
    const auto other =
        make_server_context(server.folder.file("tls.pem"), server.folder.file("tls.key"), tickets)
            .value();

    const auto session = session_from(*first_worker);

    EXPECT_FALSE(is_resumed(*other, *session));
}

TEST_P(Resumption, TakesNoEarlyData) {  // TLS-006
    const auto session = session_from(*first_worker);

    EXPECT_EQ(SSL_SESSION_get_max_early_data(session.get()), 0u);
}

INSTANTIATE_TEST_SUITE_P(Versions, Resumption, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                             return version.param == TLS1_2_VERSION ? "Tls12"s : "Tls13"s;
                         });

}  // namespace
}  // namespace gateway
