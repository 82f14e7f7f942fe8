#include "gateway/redis/slots.h"

#include <gtest/gtest.h>

namespace {

using gateway::redis::read_redirection;
using gateway::redis::read_slots;
using gateway::redis::slot_of;
using session::redis::Address;
using session::redis::Reply;
using session::redis::ReplyReader;

const Address kAsked{"10.0.0.1", 7000};

Reply reply(std::string_view bytes) {
    ReplyReader reader;
    EXPECT_TRUE(reader.feed(bytes));
    return reader.next().value().value();
}

// The second one is the check value of the cluster specification's CRC16.
TEST(Slots, AreThoseOfTheSpecification) {
    EXPECT_EQ(slot_of("foo"), 12182U);
    EXPECT_EQ(slot_of("123456789"), 0x31C3U % 16384);
    EXPECT_EQ(slot_of("{foo}.bar"), slot_of("foo"));
    EXPECT_EQ(slot_of("a{foo}{bar}"), slot_of("foo"));
    EXPECT_NE(slot_of("a{}foo"), slot_of("foo")) << "nothing between braces is no tag";
    EXPECT_EQ(slot_of("{foo"), slot_of("{foo"));
}

TEST(Slots, AreReadWithTheirNodes) {
    const auto ranges =
        read_slots(reply("*2\r\n*3\r\n:0\r\n:99\r\n*3\r\n$8\r\n10.0.0.2\r\n:7001\r\n$2\r\nid\r\n"
                         "*3\r\n:100\r\n:16383\r\n*3\r\n$0\r\n\r\n:7000\r\n$2\r\nid\r\n"),
                   kAsked);

    ASSERT_TRUE(ranges);
    ASSERT_EQ(ranges->size(), 2U);
    EXPECT_EQ((*ranges)[0].last, 99U);
    EXPECT_EQ((*ranges)[0].primary, (Address{"10.0.0.2", 7001}));
    EXPECT_EQ((*ranges)[1].primary, kAsked) << "it does not know its own address";
}

TEST(Slots, AreNothingElse) {
    for (const std::string_view bytes : {"+OK\r\n", "*0\r\n", "*1\r\n:1\r\n",
                                         "*1\r\n*3\r\n:0\r\n:16384\r\n*2\r\n$1\r\na\r\n:1\r\n",
                                         "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n$1\r\na\r\n:0\r\n",
                                         "*1\r\n*3\r\n:-1\r\n:1\r\n*2\r\n$1\r\na\r\n:1\r\n"})
        EXPECT_FALSE(read_slots(reply(bytes), kAsked)) << bytes;
}

TEST(Redirection, SaysWhereToGo) {
    EXPECT_EQ(read_redirection(reply("-MOVED 3999 10.0.0.2:6381\r\n"), kAsked),
              (Address{"10.0.0.2", 6381}));
    EXPECT_EQ(read_redirection(reply("-ASK 3999 :6381\r\n"), kAsked), (Address{"10.0.0.1", 6381}));
    for (const std::string_view bytes :
         {"-ERR no\r\n", "-MOVED\r\n", "-MOVED 1 a\r\n", "-MOVED 1 a:0\r\n", "-MOVED 1 a:99999\r\n",
          "+MOVED 1 a:1\r\n"})
        EXPECT_FALSE(read_redirection(reply(bytes), kAsked)) << bytes;
}

}  // namespace
