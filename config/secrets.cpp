#include "config/secrets.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/base/text.h"

namespace config {

namespace {

constexpr std::size_t kSmallestKey = 32;
constexpr std::size_t kLargestKey = 4096;
constexpr std::size_t kFewestDistinctBytes = 8;

enum class Access { Anybody, OwnerOnly };

class OpenFile {
public:
    // A FIFO in the place of a file must not make the start wait for its writer.
    explicit OpenFile(const std::filesystem::path& file)
        : descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    ~OpenFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

std::string last_error() {
    return std::generic_category().message(errno);
}

// What is wrong with the file itself; empty when nothing is. Looks at the open file, not at its
// name, which may mean another file a moment later.
std::string fault_of(const OpenFile& file, Access access) {
    struct stat status {};
    if (file.descriptor() < 0 || ::fstat(file.descriptor(), &status) != 0) {
        return "names a file that cannot be read: " + last_error();
    }
    if (!S_ISREG(status.st_mode)) return "does not name a regular file";
    if (access == Access::OwnerOnly && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return "names a key file that others than its owner may use; `chmod 600` makes it private";
    }
    return {};
}

// At most one byte more than a key may have.
std::string content_of(const OpenFile& file) {
    std::string content(kLargestKey + 1, '\0');
    std::size_t size = 0;
    while (size < content.size()) {
        const auto count = ::read(file.descriptor(), &content[size], content.size() - size);
        if (count <= 0) break;
        size += static_cast<std::size_t>(count);
    }
    policy::wipe(&content[size], content.size() - size);
    content.resize(size);
    return content;
}

// Texts from documentation, where random bytes belong. Long enough not to occur by chance.
bool is_sample(std::string_view key) {
    constexpr std::array<std::string_view, 10> kSamples{
        "changeme", "change-me",  "change_me",  "change me",   "password",
        "example",  "0123456789", "abcdefghij", "your-secret", "secret-key"};
    const auto text = policy::ascii_lower(key);
    return std::any_of(kSamples.begin(), kSamples.end(), [&text](std::string_view sample) {
        return text.find(sample) != std::string::npos;
    });
}

std::string fault_of_key(std::string_view key) {
    if (key.size() < kSmallestKey) {
        return "names a key of fewer than 32 bytes; `openssl rand -out FILE 32` makes one";
    }
    if (key.size() > kLargestKey) return "names a file of more than 4KiB, which is no key";
    std::bitset<256> seen;
    for (const char c : key) seen.set(static_cast<std::uint8_t>(c));
    if (seen.count() < kFewestDistinctBytes || is_sample(key)) {
        return "names a key that can be guessed; `openssl rand -out FILE 32` makes a good one";
    }
    return {};
}

void read_key(const CookieKeyDraft& key, Draft& draft, Report& report) {
    if (key.file.file.empty()) return;  // Complained about already.
    const OpenFile file(key.file.file);
    if (const auto fault = fault_of(file, Access::OwnerOnly); !fault.empty()) {
        report.add(key.file.place, fault);
        return;
    }
    policy::Secret bytes(content_of(file));
    if (const auto fault = fault_of_key(bytes.reveal()); !fault.empty()) {
        report.add(key.file.place, fault);
        return;
    }
    for (const auto& other : draft.settings.cookie_keys) {
        if (!policy::equal_in_constant_time(bytes.reveal(), other.bytes.reveal())) continue;
        report.add(key.file.place, "names the same key as an earlier file");
        return;
    }
    draft.settings.cookie_keys.push_back({key.id.text, std::move(bytes)});
}

// The first line: editors end it. Nothing when it was complained about.
std::shared_ptr<const policy::Secret> read_password(const PlacedFile& placed, Report& report) {
    const OpenFile file(placed.file);
    if (const auto fault = fault_of(file, Access::OwnerOnly); !fault.empty()) {
        report.add(placed.place, fault);
        return nullptr;
    }
    auto text = content_of(file);
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    policy::wipe(&text[end], text.size() - end);
    text.resize(end);
    if (text.empty() || text.size() > kLargestKey) {
        report.add(placed.place, "names a file whose first line is no password");
        return nullptr;
    }
    return std::make_shared<const policy::Secret>(std::move(text));
}

void check_files(const std::vector<PlacedFile>& files, Access access, Report& report) {
    for (const auto& [name, place] : files) {
        const auto fault = fault_of(OpenFile(name), access);
        if (!fault.empty()) report.add(place, fault);
    }
}

}  // namespace

void read_secrets(Draft& draft, Report& report) {
    for (const auto& key : draft.cookie_keys) read_key(key, draft, report);
    auto& redis = draft.settings.redis;
    if (redis && draft.redis_password)
        redis->account.password = read_password(*draft.redis_password, report);
    if (redis && draft.sentinel_password)
        redis->sentinel_account.password = read_password(*draft.sentinel_password, report);
    auto& sql = draft.settings.sql;
    if (sql && draft.sql_password) sql->password = read_password(*draft.sql_password, report);
    check_files(draft.certificates, Access::Anybody, report);
    check_files(draft.tls_keys, Access::OwnerOnly, report);
}

}  // namespace config
