#include "session/redis/reply.h"

#include <gtest/gtest.h>

#include "session/redis/command.h"

namespace {

using session::redis::Reply;
using session::redis::ReplyReader;

Reply read(std::string_view bytes) {
    ReplyReader reader;
    EXPECT_TRUE(reader.feed(bytes));
    auto reply = reader.next().value();
    EXPECT_TRUE(reply);
    return std::move(*reply);
}

TEST(ReplyReader, ReadsEachKind) {
    EXPECT_EQ(read("+OK\r\n").kind, Reply::Kind::Status);
    EXPECT_EQ(read("+OK\r\n").text, "OK");
    EXPECT_TRUE(read("-ERR no\r\n").is_error("ERR"));
    EXPECT_FALSE(read("-ERRATIC no\r\n").is_error("ERR"));
    EXPECT_EQ(read(":-7\r\n").integer, -7);
    EXPECT_EQ(read("$5\r\na\r\nbc\r\n").text, "a\r\nbc");
    EXPECT_TRUE(read("$-1\r\n").is_nil());
    EXPECT_TRUE(read("*0\r\n").is_list_of(0));
}

TEST(ReplyReader, ReadsListsInLists) {
    const auto reply = read("*3\r\n:1\r\n*2\r\n+a\r\n$-1\r\n$1\r\nb\r\n");

    ASSERT_TRUE(reply.is_list_of(3));
    EXPECT_EQ(reply.items[0].integer, 1);
    ASSERT_TRUE(reply.items[1].is_list_of(2));
    EXPECT_EQ(reply.items[1].items[0].text, "a");
    EXPECT_TRUE(reply.items[1].items[1].is_nil());
    EXPECT_EQ(reply.items[2].text, "b");
}

TEST(ReplyReader, WaitsForTheRest) {
    const std::string whole = "*2\r\n$3\r\nabc\r\n:12\r\n+next\r\n";
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        ReplyReader reader;
        ASSERT_TRUE(reader.feed(std::string_view(whole).substr(0, cut)));
        std::vector<Reply> replies;
        while (auto reply = reader.next().value()) replies.push_back(std::move(*reply));
        ASSERT_TRUE(reader.feed(std::string_view(whole).substr(cut)));
        while (auto reply = reader.next().value()) replies.push_back(std::move(*reply));
        ASSERT_EQ(replies.size(), 2U) << cut;
        EXPECT_EQ(replies[0].items.at(0).text, "abc");
        EXPECT_EQ(replies[1].text, "next");
    }
}

TEST(ReplyReader, RefusesWhatIsNoReply) {
    for (const std::string_view bytes :
         {"HTTP/1.1 400 Bad Request\r\n", "*99999999\r\n", ":x\r\n", "$-2\r\n"}) {
        ReplyReader reader;
        const auto fed = reader.feed(bytes);
        EXPECT_FALSE(fed && reader.next()) << bytes;
    }
}

TEST(ReplyReader, RefusesAnAnswerWithoutEnd) {
    ReplyReader reader;
    const std::string piece(1 << 20, 'x');
    ASSERT_TRUE(reader.feed("$1000000000\r\n"));
    bool is_refused = false;
    for (int i = 0; i < 100 && !is_refused; ++i) {
        is_refused = !reader.feed(piece);
        if (!is_refused) is_refused = !reader.next();
    }
    EXPECT_TRUE(is_refused);
}

TEST(Command, CarriesAnyBytes) {
    using std::string_view_literals::operator""sv;
    EXPECT_EQ(session::redis::format({"SET"sv, "a\r\n\0"sv, ""sv}),
              "*3\r\n$3\r\nSET\r\n$4\r\na\r\n\0\r\n$0\r\n\r\n"sv);
}

TEST(Script, HasTheNameThatRedisGivesIt) {
    const session::redis::Script script("return 1");

    EXPECT_EQ(script.by_name("k", {"a"}),
              "*5\r\n$7\r\nEVALSHA\r\n$40\r\ne0e1f9fabfc9d4800c877a703b823ac0578ff8db\r\n"
              "$1\r\n1\r\n$1\r\nk\r\n$1\r\na\r\n");
    EXPECT_EQ(script.by_text("k", {}),
              "*4\r\n$4\r\nEVAL\r\n$8\r\nreturn 1\r\n$1\r\n1\r\n$1\r\nk\r\n");
}

}  // namespace
