#include "policy/http/forwarded.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/support/policy_parts.h"

namespace policy {
namespace {

using support::address;

const IpAddress kProxy = address("10.0.0.1");

TrustedProxies trusted(ForwardHeader header = ForwardHeader::XForwardedFor) {
    return {{network_of(kProxy, {24, 56}), network_of(address("2001:db8:ffff::1"), {24, 48})},
            header};
}

// The address as text, or the word of the reason.
std::string found(const TrustedProxies& proxies, std::vector<std::string> values,
                  IpAddress peer = kProxy) {
    const bool is_standard = proxies.header == ForwardHeader::Forwarded;
    FieldList fields;
    for (const auto& value : values)
        fields.add(is_standard ? "Forwarded" : "X-Forwarded-For", value);
    const auto client = client_address(proxies, fields, peer);
    return client ? client->text() : std::string(word(client.error().reason));
}

TEST(ClientAddress, IsThePeerUnlessThatIsListed) {  // BND-002
    EXPECT_EQ(found(trusted(), {"203.0.113.5"}, address("192.0.2.1")), "192.0.2.1");
    EXPECT_EQ(found({}, {"203.0.113.5"}), "10.0.0.1");
    EXPECT_EQ(found(trusted(ForwardHeader::None), {"203.0.113.5"}), "10.0.0.1");
    EXPECT_EQ(found(trusted(), {}), "10.0.0.1");
}

TEST(ClientAddress, CountsFromTheRight) {
    EXPECT_EQ(found(trusted(), {"6.6.6.6, 203.0.113.5"}), "203.0.113.5");
    EXPECT_EQ(found(trusted(), {"203.0.113.5, 10.0.0.7, 10.0.0.8"}), "203.0.113.5");
    EXPECT_EQ(found(trusted(), {"10.0.0.7, 10.0.0.8"}), "10.0.0.7");
    EXPECT_EQ(found(trusted(), {"6.6.6.6", "203.0.113.5"}), "203.0.113.5") << "one list";
    EXPECT_EQ(found(trusted(), {"203.0.113.5, 2001:db8:ffff::9"}), "203.0.113.5");
}

TEST(ClientAddress, LooksAtNothingThatItNeedNotBelieve) {
    EXPECT_EQ(found(trusted(), {"<script>, 203.0.113.5"}), "203.0.113.5");
    EXPECT_EQ(found(trusted(), {"\"open, 203.0.113.5"}), "bad_forwarded");
}

TEST(ClientAddress, IsNotGuessedFromWhatIsNoAddress) {
    for (const auto* value : {"", " ", "junk", "203.0.113", "203.0.113.5:", "203.0.113.5:x",
                              "203.0.113.5:65536", "[203.0.113.5]", "[2001:db8::1", "2001:db8::1]",
                              "[2001:db8::1]443", "203.0.113.5,", "unknown"})
        EXPECT_EQ(found(trusted(), {value}), "bad_forwarded") << value;
}

TEST(ClientAddress, ReadsTheStandardHeader) {  // RFC 7239 §4
    const auto standard = trusted(ForwardHeader::Forwarded);
    EXPECT_EQ(found(standard, {"for=203.0.113.5"}), "203.0.113.5");
    EXPECT_EQ(found(standard, {"proto=https;FOR=\"[2001:db8::5]:4711\""}), "2001:db8::5");
    EXPECT_EQ(found(standard, {"for=6.6.6.6, for=\"203.0.113.5\";by=\"a,b;c\""}), "203.0.113.5");
    EXPECT_EQ(found(standard, {"for=\"203.0.113\\.5\""}), "203.0.113.5") << "a quoted pair";
    for (const auto* value : {"for=unknown", "for=_x", "by=1.2.3.4", "for=1.2.3.4;for=1.2.3.4",
                              "for=\"1.2.3.4", "for", "203.0.113.5"})
        EXPECT_EQ(found(standard, {value}), "bad_forwarded") << value;
}

TEST(ClientAddress, GivesUpOnEndlessChains) {
    std::string chain = "203.0.113.5";
    for (int i = 0; i < 31; ++i) chain += ", 10.0.0.7";
    EXPECT_EQ(found(trusted(), {chain}), "203.0.113.5");
    EXPECT_EQ(found(trusted(), {chain + ", 10.0.0.7"}), "bad_forwarded");
}

// Whatever a client writes, only what a listed proxy has put to the right of it counts.
TEST(ClientAddress, CannotBeChosenByTheClient) {
    EXPECT_TRUE(rc::check([](const std::string& junk) {
        std::string written;
        for (const char c : junk) {
            if (c != '"' && c != '\\') written += c;
        }
        RC_ASSERT(found(trusted(), {written + ", 203.0.113.5"}) == "203.0.113.5" ||
                  written.size() > 64);
    }));
}

}  // namespace
}  // namespace policy
