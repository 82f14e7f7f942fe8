#include "policy/user_agent.h"

#include <array>
#include <span>

#include "policy/base/text.h"

namespace policy {

namespace {

template <class Family>
struct Mark {
    std::string_view text;
    Family family;
};

// The first that is there decides: browsers claim to be those before them.
constexpr std::array kBrowsers{
    Mark<Browser>{"Edg/", Browser::Edge},
    Mark<Browser>{"EdgA/", Browser::Edge},
    Mark<Browser>{"EdgiOS/", Browser::Edge},
    Mark<Browser>{"Edge/", Browser::Edge},
    Mark<Browser>{"OPR/", Browser::Opera},
    Mark<Browser>{"OPiOS/", Browser::Opera},
    Mark<Browser>{"OPT/", Browser::Opera},
    Mark<Browser>{"Opera/", Browser::Opera},
    Mark<Browser>{"Opera ", Browser::Opera},
    Mark<Browser>{"SamsungBrowser/", Browser::Samsung},
    Mark<Browser>{"Firefox/", Browser::Firefox},
    Mark<Browser>{"FxiOS/", Browser::Firefox},
    Mark<Browser>{"CriOS/", Browser::Chrome},
    Mark<Browser>{"Chrome/", Browser::Chrome},
    Mark<Browser>{"Chromium/", Browser::Chrome},
    Mark<Browser>{"Safari/", Browser::Safari},
    Mark<Browser>{"Trident/", Browser::InternetExplorer},
    Mark<Browser>{"MSIE ", Browser::InternetExplorer},
};

constexpr std::array kPlatforms{
    Mark<Platform>{"Android", Platform::Android}, Mark<Platform>{"iPhone", Platform::Ios},
    Mark<Platform>{"iPad", Platform::Ios},        Mark<Platform>{"iPod", Platform::Ios},
    Mark<Platform>{"CrOS", Platform::ChromeOs},   Mark<Platform>{"Windows", Platform::Windows},
    Mark<Platform>{"Macintosh", Platform::MacOs}, Mark<Platform>{"Mac OS X", Platform::MacOs},
    Mark<Platform>{"Linux", Platform::Linux},
};

template <class Family>
Family find(std::span<const Mark<Family>> marks, std::string_view text) {
    for (const auto& mark : marks) {
        if (text.find(mark.text) != std::string_view::npos) return mark.family;
    }
    return Family::Other;
}

bool is_of_version(char c) {
    return c == '.' || (c >= '0' && c <= '9');
}

// FNV-1a, folded: told apart are tools that somebody uses, not ones made to collide. Some write
// their version behind a hyphen, as a part of the name.
std::uint16_t digest_of(std::string_view name) {
    std::uint32_t digest = 2166136261U;
    for (const char c : name) {
        if (is_of_version(c)) continue;
        digest ^= static_cast<std::uint8_t>(ascii_lower(c));
        digest *= 16777619U;
    }
    return static_cast<std::uint16_t>(digest ^ digest >> 16);
}

std::string_view name_of(Browser browser) {
    switch (browser) {
        case Browser::None:
            return "none";
        case Browser::Tool:
            return "tool";
        case Browser::Chrome:
            return "Chrome";
        case Browser::Edge:
            return "Edge";
        case Browser::Firefox:
            return "Firefox";
        case Browser::InternetExplorer:
            return "Internet Explorer";
        case Browser::Opera:
            return "Opera";
        case Browser::Safari:
            return "Safari";
        case Browser::Samsung:
            return "Samsung Internet";
        case Browser::Other:
            break;
    }
    return "other";
}

std::string_view name_of(Platform platform) {
    switch (platform) {
        case Platform::Android:
            return "Android";
        case Platform::ChromeOs:
            return "ChromeOS";
        case Platform::Ios:
            return "iOS";
        case Platform::Linux:
            return "Linux";
        case Platform::MacOs:
            return "macOS";
        case Platform::Windows:
            return "Windows";
        case Platform::Other:
            break;
    }
    return {};
}

}  // namespace

std::string AgentFamily::text() const {
    std::string text(name_of(browser));
    if (browser == Browser::Tool) {
        const std::array<std::uint8_t, 2> bytes{static_cast<std::uint8_t>(tool >> 8),
                                                static_cast<std::uint8_t>(tool & 0xff)};
        text.append(" ").append(to_hex(bytes));
    }
    if (platform != Platform::Other) text.append(" on ").append(name_of(platform));
    return text;
}

AgentFamily agent_family(std::string_view user_agent) {
    constexpr std::size_t kLongest = 512;
    const auto text = trim(user_agent.substr(0, kLongest));
    if (text.empty()) return {};
    const auto platform = find<Platform>(kPlatforms, text);
    if (text.starts_with("Mozilla/") || text.starts_with("Opera/"))
        return {find<Browser>(kBrowsers, text), platform, 0};
    return {Browser::Tool, platform, digest_of(text.substr(0, text.find_first_of("/ ;(")))};
}

}  // namespace policy
