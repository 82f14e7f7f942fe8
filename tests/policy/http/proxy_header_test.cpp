#include "policy/http/proxy_header.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace policy {
namespace {

using namespace std::string_literals;

const std::string kSignature = "\r\n\r\n\0\r\nQUIT\n"s;

// Feeds as much as is wanted, `most` bytes at a time; what is left belongs to TLS.
struct Outcome {
    bool is_refused = false;
    bool is_complete = false;
    std::string client;
    std::string left;
};
Outcome read(std::string bytes, std::size_t most = 1000) {
    ProxyHeaderReader reader;
    while (reader.wants() > 0 && !bytes.empty()) {
        const auto size = std::min({reader.wants(), most, bytes.size()});
        if (!reader.feed(std::string_view(bytes).substr(0, size))) return {true, false, {}, {}};
        bytes.erase(0, size);
    }
    const auto& client = reader.client();
    return {false, reader.wants() == 0, client ? client->text() : "", bytes};
}

std::string binary(char command, char family, std::string payload) {
    const auto size = payload.size();
    return kSignature + command + family + static_cast<char>(size >> 8) + static_cast<char>(size) +
           payload;
}

const std::string kV4 = "\xcb\x00\x71\x05\x7f\x00\x00\x01\x12\x34\x01\xbb"s;

TEST(ProxyHeader, StopsWhereTlsBegins) {
    for (const auto& header :
         {"PROXY TCP4 203.0.113.5 127.0.0.1 4711 443\r\n"s, binary('\x21', '\x11', kV4),
          binary('\x21', '\x11', kV4 + "\x04\x00\x01x"s)}) {
        for (const std::size_t most : {1U, 2U, 7U, 1000U}) {
            const auto outcome = read(header + "\x16\x03\x01", most);

            EXPECT_TRUE(outcome.is_complete);
            EXPECT_EQ(outcome.client, "203.0.113.5");
            EXPECT_EQ(outcome.left, "\x16\x03\x01");
        }
    }
}

TEST(ProxyHeader, KnowsBothFamilies) {
    EXPECT_EQ(read("PROXY TCP6 2001:db8::5 ::1 1 2\r\n").client, "2001:db8::5");
    std::string payload(36, '\0');
    payload[0] = '\x20';
    payload[1] = '\x01';
    payload[15] = '\x05';
    EXPECT_EQ(read(binary('\x21', '\x21', payload)).client, "2001::5");
}

TEST(ProxyHeader, MayBeOfTheProxyItself) {
    for (const auto& header : {"PROXY UNKNOWN\r\n"s, "PROXY UNKNOWN ffff::1 ::1 1 2\r\n"s,
                               binary('\x20', '\x00', ""), binary('\x20', '\x11', kV4)}) {
        EXPECT_TRUE(read(header).is_complete);
        EXPECT_EQ(read(header).client, "");
    }
}

TEST(ProxyHeader, IsRefusedInEveryOtherForm) {
    for (const auto& header :
         {"GET / HTTP/1."s, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00"s,
          "PROXY TCP4 203.0.113.5 127.0.0.1 4711 443\n"s, "proxy TCP4 1.2.3.4 1.2.3.4 1 2\r\n"s,
          "PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n"s, "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n"s,
          "PROXY TCP4 1.2.3.4 ::1 1 2\r\n"s, "PROXY UNIX a b\r\n"s, "PROXY UNKNOWNX\r\n"s,
          "PROXY UNKNOWN "s + std::string(95, 'x') + "\r\n", binary('\x11', '\x11', kV4),
          binary('\x22', '\x11', kV4), binary('\x21', '\x12', kV4), binary('\x21', '\x11', "short"),
          binary('\x21', '\x21', kV4), binary('\x21', '\x11', std::string(513, 'x'))})
        EXPECT_TRUE(read(header).is_refused) << header;
}

TEST(ProxyHeader, NeverWantsMoreThanItsBound) {
    EXPECT_TRUE(rc::check([](const std::string& junk) {
        ProxyHeaderReader reader;
        std::size_t taken = 0;
        for (const char c : "PROXY " + junk) {
            if (reader.wants() == 0 || !reader.feed(std::string_view(&c, 1))) return;
            RC_ASSERT(++taken + reader.wants() <= 530U);
        }
    }));
}

}  // namespace
}  // namespace policy
