#include "session/redis/reply.h"

#include <new>

#include <hiredis/read.h>

namespace session::redis {

namespace {

using policy::Reason;

// An answer that never ends must not take all memory: hiredis itself would believe any length.
constexpr std::size_t kMostBytes = std::size_t{64} * 1024 * 1024;
constexpr int kMostItems = 1'000'000;

// Where hiredis wants the reply of `task`: in its list, or on its own.
Reply* place_of(const redisReadTask* task) {
    if (!task->parent) return new (std::nothrow) Reply;
    auto* const list = static_cast<Reply*>(task->parent->obj);
    return &list->items[static_cast<std::size_t>(task->idx)];
}

void* make_text(const redisReadTask* task, char* text, std::size_t size) {
    auto* const reply = place_of(task);
    if (!reply) return nullptr;
    reply->kind = Reply::Kind::Text;
    if (task->type == REDIS_REPLY_STATUS) reply->kind = Reply::Kind::Status;
    if (task->type == REDIS_REPLY_ERROR) reply->kind = Reply::Kind::Error;
    reply->text.assign(text, size);
    return reply;
}

void* make_list(const redisReadTask* task, int size) {
    if (size < 0 || size > kMostItems) return nullptr;
    auto* const reply = place_of(task);
    if (!reply) return nullptr;
    reply->kind = Reply::Kind::List;
    reply->items.resize(static_cast<std::size_t>(size));
    return reply;
}

void* make_integer(const redisReadTask* task, long long value) {
    auto* const reply = place_of(task);
    if (!reply) return nullptr;
    reply->kind = Reply::Kind::Integer;
    reply->integer = value;
    return reply;
}

void* make_nil(const redisReadTask* task) {
    return place_of(task);
}

// Called with what stands on its own: the rest lies in that.
void free_reply(void* reply) {
    delete static_cast<Reply*>(reply);
}

redisReplyObjectFunctions functions{make_text, make_list, make_integer, make_nil, free_reply};

}  // namespace

bool Reply::is_error(std::string_view code) const {
    return is_error() && text.starts_with(code) &&
           (text.size() == code.size() || text[code.size()] == ' ');
}

void ReplyReader::Free::operator()(redisReader* reader) const {
    redisReaderFree(reader);
}

ReplyReader::ReplyReader() : reader_(redisReaderCreateWithFunctions(&functions)) {
    if (!reader_) throw std::bad_alloc();
}

ReplyReader::~ReplyReader() = default;

policy::Result<void> ReplyReader::feed(std::string_view bytes) {
    if (reader_->len - reader_->pos + bytes.size() > kMostBytes)
        return policy::fail(Reason::StoreUnavailable, "redis: the answer has no end");
    if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK)
        return policy::fail(Reason::StoreUnavailable, std::string("redis: ") + reader_->errstr);
    return policy::ok();
}

policy::Result<std::optional<Reply>> ReplyReader::next() {
    void* found = nullptr;
    if (redisReaderGetReply(reader_.get(), &found) != REDIS_OK)
        return policy::fail(Reason::StoreUnavailable, std::string("redis: ") + reader_->errstr);
    if (!found) return std::nullopt;
    const std::unique_ptr<Reply> reply(static_cast<Reply*>(found));
    return std::move(*reply);
}

}  // namespace session::redis
