#pragma once

// What a User-Agent field says by its meaning: the family of the browser and of the platform, for
// noticing that a session is used by another client (BND-003). Versions say nothing: browsers
// update themselves. Anybody can claim any of it, so it can lower trust and never raise it.

#include <cstdint>
#include <string>
#include <string_view>

namespace policy {

enum class Browser : std::uint8_t {
    None,  // No field, or an empty one.
    Tool,  // Not a browser: its name decides, as a digest.
    Chrome,
    Edge,
    Firefox,
    InternetExplorer,
    Opera,
    Safari,
    Samsung,
    Other,
};

enum class Platform : std::uint8_t { Other, Android, ChromeOs, Ios, Linux, MacOs, Windows };

struct AgentFamily {
    Browser browser = Browser::None;
    Platform platform = Platform::Other;
    std::uint16_t tool = 0;  // Digest of the name; 0 for browsers.

    // `Firefox on Windows`, `tool b5a2`, `none`: words of ours, nothing of the client's.
    [[nodiscard]] std::string text() const;

    bool operator==(const AgentFamily&) const = default;
};

// Never fails: what says nothing is `none` or `other`. Looks at the first 512 bytes of the field's
// value only, because clients choose how long it is. A browser that is asked for the desktop's page
// claims another platform: that is another family.
[[nodiscard]] AgentFamily agent_family(std::string_view user_agent);

}  // namespace policy
