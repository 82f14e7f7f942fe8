#include "session/redis/command.h"

#include <array>
#include <memory>
#include <new>
#include <stdexcept>

#include <hiredis/hiredis.h>
#include <openssl/evp.h>

#include "policy/base/text.h"

namespace session::redis {

namespace {

std::string name_of(std::string_view text) {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error("SHA-1 is not to be had");
    return policy::to_hex(std::span(digest).first(size));
}

std::string evaluation(std::string_view verb, std::string_view script, const std::string& key,
                       const std::vector<std::string>& arguments) {
    std::vector<std::string_view> words{verb, script, "1", key};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return format(words);
}

}  // namespace

std::string format(std::span<const std::string_view> words) {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const auto word : words) {
        texts.push_back(word.data());
        sizes.push_back(word.size());
    }
    char* made = nullptr;
    const int size =
        redisFormatCommandArgv(&made, static_cast<int>(words.size()), texts.data(), sizes.data());
    if (size < 0) throw std::bad_alloc();
    const std::unique_ptr<char, void (*)(char*)> owned(made, redisFreeCommand);
    return {made, static_cast<std::size_t>(size)};
}

Script::Script(std::string text) : text_(std::move(text)), name_(name_of(text_)) {}

std::string Script::load() const {
    return format({"SCRIPT", "LOAD", text_});
}

std::string Script::by_name(const std::string& key,
                            const std::vector<std::string>& arguments) const {
    return evaluation("EVALSHA", name_, key, arguments);
}

std::string Script::by_text(const std::string& key,
                            const std::vector<std::string>& arguments) const {
    return evaluation("EVAL", text_, key, arguments);
}

}  // namespace session::redis
