#pragma once

// Picks a few fields out of an application/x-www-form-urlencoded body while it streams through.
// Memory is bounded by the number of wanted fields times `kMaxValue`, whatever the body's size.
// Whatever some backend may read in another way makes a wanted field Repeated: see form_name.h;
// and a raw `;`, which no browser sends, separates pairs for some and is a character for others.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/http/form_bytes.h"

namespace policy {

struct FormField {
    enum class State : std::uint8_t {
        Absent,
        Present,
        Repeated,   // Came more than once, or under a name or in a place that only some backends
                    // take for it: they differ on which one counts.
        TooLong,    // Longer than kMaxValue bytes before decoding.
        Malformed,  // Bad percent-encoding.
    };
    State state = State::Absent;
    std::string value;  // Decoded; set only when Present.
};

class FormScanner {
public:
    static constexpr std::size_t kMaxName = 256;
    static constexpr std::size_t kMaxValue = 1024;
    static constexpr std::size_t kMaxPairs = 1000;  // Of a sound body; PHP drops what comes after.

    explicit FormScanner(std::vector<std::string> wanted);

    void feed(std::string_view bytes);
    void finish();  // The body is complete; the last field counts only from here on.

    [[nodiscard]] bool is_finished() const { return finished_; }

    // Once finished: whether every backend that knows this kind of body reads these pairs in it.
    // Of one that is not sound neither what is Present nor what is Absent can be believed: see
    // form_bytes.h; it has more than kMaxPairs; or a field `_charset_` (HTML §4.10.21.5) that is
    // not UTF-8, in which some backends decode all others.
    [[nodiscard]] bool is_sound() const;

    // `name` must be among the wanted ones.
    [[nodiscard]] const FormField& field(std::string_view name) const;

private:
    enum class Part : std::uint8_t { Name, Value, Skip };

    void end_name();
    void contest(std::string_view raw_name);
    void end_pair();
    void end_pair_for_some();  // At `;`.
    void end_value();
    void take(char c);
    [[nodiscard]] std::size_t index_of(std::string_view name) const;

    std::vector<std::string> wanted_;
    std::vector<FormField> found_;
    Part part_ = Part::Name;
    std::size_t current_ = 0;  // Index of the field whose value is being read.
    std::string text_;         // Raw bytes of the current name or wanted value.
    bool overflow_ = false;
    bool finished_ = false;
    FormBytes bytes_;
    std::size_t pairs_ = 0;
};

// True for `application/x-www-form-urlencoded` whose `charset`, if it names one, is UTF-8: in any
// other a name may be read as somebody else's.
[[nodiscard]] bool is_readable_form(std::string_view content_type);

}  // namespace policy
