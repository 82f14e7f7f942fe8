#pragma once

// Takes a name out of a text of which a policy knows what stands around it: `Logged in as
// <b>{}</b>` in a page, `who={}|*` in a cookie. Whoever can write into that text can write a second
// such place; so the name is only taken when there is one reading.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "policy/http/form_scanner.h"

namespace policy {

// A text with one `{}`. Everything else in it stands for itself, but for `*` where said so.
class CapturePattern {
public:
    static constexpr std::size_t kMaxCapture = 256;  // Bytes.

    using Parsed = tl::expected<CapturePattern, std::string>;  // Or why not, for the operator.

    // To be found anywhere in a long text. There must be something before and after the `{}`.
    [[nodiscard]] static Parsed within(std::string_view text);

    // To cover a whole value. A `*` at either end is any run of bytes, also none; nowhere else may
    // there be one, nor may it touch the `{}`.
    [[nodiscard]] static Parsed whole(std::string_view text);

    // What stands for the `{}` in `text`, as it is spelled there; it may be empty.
    //   Absent    when `text` is not as the pattern says;
    //   Repeated  when there are several places, with different captures;
    //   TooLong   when what comes after it is more than kMaxCapture bytes away, or, within a long
    //             text, does not come at all: it may have been cut off.
    // From a place where the capture may begin it goes up to the first place where it may end.
    [[nodiscard]] FormField capture(std::string_view text) const;

private:
    enum class End : std::uint8_t { Fixed, Free };  // Whether there may be more in front or behind.

    enum class Scope : std::uint8_t { Within, Whole };

    CapturePattern(std::string_view before, std::string_view after, Scope scope);

    [[nodiscard]] FormField capture_at(std::string_view rest) const;

    std::string before_;
    std::string after_;
    Scope scope_;
    End front_ = End::Free;
    End back_ = End::Free;
};

}  // namespace policy
