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

    explicit FormScanner(std::vector<std::string> wanted);

    void feed(std::string_view bytes);
    void finish();  // The body is complete; the last field counts only from here on.

    [[nodiscard]] bool is_finished() const { return finished_; }

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
};

// True for `application/x-www-form-urlencoded` whose `charset`, if it names one, is UTF-8: in any
// other a name may be read as somebody else's.
[[nodiscard]] bool is_readable_form(std::string_view content_type);

}  // namespace policy
