#include "policy/http/network.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

std::string canonical(std::string_view text) {
    const auto address = IpAddress::parse(text);
    return address ? address->text() : "none";
}

std::string network(std::string_view text, PrefixLengths lengths = {}) {
    return network_of(IpAddress::parse(text).value(), lengths).text();
}

TEST(IpAddress, IPv4HasFourDecimalParts) {
    EXPECT_EQ(canonical("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(canonical("0.0.0.0"), "0.0.0.0");
    EXPECT_EQ(canonical("255.255.255.255"), "255.255.255.255");
}

TEST(IpAddress, OtherSpellingsOfIPv4AreNone) {
    for (const auto text : {"", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.0.0.1",
                            "01.2.3.4", "0x1.2.3.4", "1.2.3.4 ", "+1.2.3.4", "a.b.c.d"}) {
        EXPECT_EQ(canonical(text), "none") << text;
    }
}

// RFC 5952 §4
TEST(IpAddress, IPv6HasOneText) {
    EXPECT_EQ(canonical("2001:DB8:0:0:0:0:2:1"), "2001:db8::2:1");
    EXPECT_EQ(canonical("2001:0db8::0001"), "2001:db8::1");
    EXPECT_EQ(canonical("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
    EXPECT_EQ(canonical("2001:db8::1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
    EXPECT_EQ(canonical("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");
    EXPECT_EQ(canonical("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
    EXPECT_EQ(canonical("::"), "::");
    EXPECT_EQ(canonical("::1"), "::1");
    EXPECT_EQ(canonical("1::"), "1::");
    EXPECT_EQ(canonical("1:2:3:4:5:6:7:8"), "1:2:3:4:5:6:7:8");
    EXPECT_EQ(canonical("64:ff9b::192.0.2.1"), "64:ff9b::c000:201");
    EXPECT_EQ(canonical("1:2:3:4:5:6:1.2.3.4"), "1:2:3:4:5:6:102:304");
}

TEST(IpAddress, OtherSpellingsOfIPv6AreNone) {
    for (const auto text : {":",
                            ":::",
                            "1:2:3:4:5:6:7",
                            "1:2:3:4:5:6:7:8:9",
                            "1::2::3",
                            "1:::2",
                            ":1::2",
                            "1::2:",
                            "12345::",
                            "g::",
                            "::1%eth0",
                            "1:2:3:4:5:6:7::8:9",
                            "1:2:3:4::5:6:7:8",
                            "1.2.3.4::",
                            "::1.2.3.4:5",
                            "::1.2.3",
                            "1:2:3:4:5:6:7:1.2.3.4",
                            "[::1]",
                            "::-1",
                            ":1:2:3:4:5:6:7"}) {
        EXPECT_EQ(canonical(text), "none") << text;
    }
}

// BND-002
TEST(IpAddress, AnIPv4AddressInIPv6IsTheIPv4Address) {
    EXPECT_EQ(IpAddress::parse("::ffff:192.0.2.1"), IpAddress::parse("192.0.2.1"));
    EXPECT_EQ(IpAddress::parse("::FFFF:c000:201"), IpAddress::v4({192, 0, 2, 1}));
    EXPECT_NE(IpAddress::parse("::192.0.2.1"), IpAddress::parse("192.0.2.1"));
}

TEST(Network, HasThePrefixOfItsFamily) {
    EXPECT_EQ(network("192.0.2.77"), "192.0.2.0/24");
    EXPECT_EQ(network("2001:db8:1:2ff:3::4"), "2001:db8:1:200::/56");
    EXPECT_EQ(network("::ffff:192.0.2.77"), "192.0.2.0/24");
}

TEST(Network, MayHaveAnyLength) {
    EXPECT_EQ(network("255.255.255.255", {.v4 = 0}), "0.0.0.0/0");
    EXPECT_EQ(network("255.255.255.255", {.v4 = 13}), "255.248.0.0/13");
    EXPECT_EQ(network("255.255.255.255", {.v4 = 32}), "255.255.255.255/32");
    EXPECT_EQ(network("255.255.255.255", {.v4 = 99}), "255.255.255.255/32");
    EXPECT_EQ(network("ffff::ffff", {.v6 = 128}), "ffff::ffff/128");
    EXPECT_EQ(network("ffff::ffff", {.v6 = 999}), "ffff::ffff/128");
    EXPECT_EQ(network("ffff::ffff", {.v6 = 127}), "ffff::fffe/127");
}

TEST(Network, IsTheSameForNeighbours) {
    const auto one = network_of(IpAddress::parse("192.0.2.1").value(), {});

    EXPECT_EQ(one, network_of(IpAddress::parse("192.0.2.254").value(), {}));
    EXPECT_FALSE(one == network_of(IpAddress::parse("192.0.3.1").value(), {}));
}

}  // namespace
}  // namespace policy
