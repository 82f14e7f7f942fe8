#include "gateway/learn/addresses.h"

#include <gmock/gmock.h>

namespace gateway::learn {
namespace {

using testing::HasSubstr;

std::string text_of(const Address& address) {
    if (!address) return "error: " + address.error();
    return address->address().to_string() + " " + std::to_string(address->port());
}

TEST(LearnAddresses, OnLoopbackAreAllowed) {
    EXPECT_EQ(text_of(listen_address("127.0.0.1:8080", Reach::LoopbackOnly)), "127.0.0.1 8080");
    EXPECT_EQ(text_of(listen_address("[::1]:0", Reach::LoopbackOnly)), "::1 0");
    EXPECT_EQ(text_of(backend_address("http://127.0.0.1:9000", Reach::LoopbackOnly)),
              "127.0.0.1 9000");
    EXPECT_EQ(text_of(backend_address("http://127.0.0.1/", Reach::LoopbackOnly)), "127.0.0.1 80");
    EXPECT_EQ(text_of(backend_address("http://[::1]:9000", Reach::LoopbackOnly)), "::1 9000");
}

TEST(LearnAddresses, ElsewhereNeedAReason) {
    EXPECT_THAT(text_of(listen_address("0.0.0.0:8080", Reach::LoopbackOnly)),
                HasSubstr("is not on loopback"));
    EXPECT_THAT(text_of(backend_address("http://192.0.2.1:80", Reach::LoopbackOnly)),
                HasSubstr("--insecure-plaintext"));
    EXPECT_EQ(text_of(listen_address("0.0.0.0:8080", Reach::Anywhere)), "0.0.0.0 8080");
    EXPECT_EQ(text_of(backend_address("http://192.0.2.1:80", Reach::Anywhere)), "192.0.2.1 80");
}

TEST(LearnAddresses, WhatIsNoneIsTold) {
    for (const auto* text :
         {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "localhost:80", "::1", "127.0.0.1:80x"})
        EXPECT_THAT(text_of(listen_address(text, Reach::Anywhere)),
                    HasSubstr("must be an address with a port"))
            << text;
    for (const auto* text : {"", "127.0.0.1:80", "http://", "http://127.0.0.1:80/x",
                             "http://a b:80", "http://u@127.0.0.1:80", "ftp://127.0.0.1:80"})
        EXPECT_THAT(text_of(backend_address(text, Reach::Anywhere)),
                    HasSubstr("must be http://host:port"))
            << text;
    EXPECT_THAT(text_of(backend_address("https://127.0.0.1", Reach::Anywhere)),
                HasSubstr("must be plain http"));
}

TEST(LearnAddresses, TheAuthorityIsWhatRedirectsName) {
    EXPECT_EQ(backend_authority("http://LocalHost:9000/"), "localhost:9000");
    EXPECT_EQ(backend_authority("http://127.0.0.1"), "127.0.0.1");
}

}  // namespace
}  // namespace gateway::learn
