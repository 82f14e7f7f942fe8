#pragma once

// What a Redis server answers (RESP2), as values. hiredis is the codec; it never touches a socket.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"

struct redisReader;

namespace session::redis {

struct Reply {
    enum class Kind : std::uint8_t { Nil, Status, Error, Integer, Text, List };
    Kind kind = Kind::Nil;
    std::string text;  // Of Status, Error and Text.
    std::int64_t integer = 0;
    std::vector<Reply> items;

    [[nodiscard]] bool is_nil() const { return kind == Kind::Nil; }
    [[nodiscard]] bool is_error() const { return kind == Kind::Error; }
    // Whether it is an error whose first word is `code`, as in `MOVED 3999 127.0.0.1:6381`.
    [[nodiscard]] bool is_error(std::string_view code) const;
    [[nodiscard]] bool is_text() const { return kind == Kind::Text || kind == Kind::Status; }
    [[nodiscard]] bool is_list_of(std::size_t size) const {
        return kind == Kind::List && items.size() == size;
    }
};

// Bytes in, replies out. After an error no more can be read: the connection is of no use.
class ReplyReader {
public:
    ReplyReader();
    ~ReplyReader();
    ReplyReader(const ReplyReader&) = delete;
    ReplyReader& operator=(const ReplyReader&) = delete;

    // Errors: StoreUnavailable, for what is no RESP2 or larger than any answer that is asked for.
    [[nodiscard]] policy::Result<void> feed(std::string_view bytes);
    // Nothing: more bytes are needed. Errors as above.
    [[nodiscard]] policy::Result<std::optional<Reply>> next();

private:
    struct Free {
        void operator()(redisReader* reader) const;
    };
    std::unique_ptr<redisReader, Free> reader_;
};

}  // namespace session::redis
