#pragma once

// A folder of its own for one test, with the files that a policy names.

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <stdlib.h>

namespace support {

class PolicyFolder {
public:
    PolicyFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "policy-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        folder_ = name;
        write("session.key", key_bytes(1));
        write("previous.key", key_bytes(101));
        write("tls.key", "a key");
        write("tls.pem", "a certificate");
    }
    ~PolicyFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    PolicyFolder(const PolicyFolder&) = delete;
    PolicyFolder& operator=(const PolicyFolder&) = delete;

    [[nodiscard]] std::filesystem::path file(const std::string& name) const {
        return folder_ / name;
    }

    // Only the owner may read it, unless `permissions` say otherwise.
    void write(const std::string& name, const std::string& content,
               std::filesystem::perms permissions = kPrivate) const {
        std::filesystem::create_directories(file(name).parent_path());
        std::ofstream(file(name), std::ios::binary) << content;
        std::filesystem::permissions(file(name), permissions);
    }

    // 32 different bytes.
    [[nodiscard]] static std::string key_bytes(unsigned char first) {
        std::string key(32, '\0');
        for (char& c : key) c = static_cast<char>(first++);
        return key;
    }

private:
    static constexpr auto kPrivate =
        std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

    std::filesystem::path folder_;
};

}  // namespace support
