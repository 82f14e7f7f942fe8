#pragma once

// Picks a few fields out of a multipart/form-data body (RFC 7578, RFC 2046 §5.1) while it streams
// through. What it believes is a body byte for byte as browsers write it; readers of anything else
// differ on where a part begins, what it is called and what it holds. Memory is bounded by the
// number of wanted fields times FormScanner::kMaxValue, whatever the body's size.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/http/form_scanner.h"

namespace policy {

// The states of a field say here:
//   Repeated   It came more than once, under a name that only some backends take for it, or as a
//              file: some read that as a field.
//   Malformed  Its value is no UTF-8 or holds a NUL, or the body is not sound: then no field is
//              Present, and none Absent.
// A name counts as it stands; browsers write `"` in it as %22, so a wanted name with such a
// character is never found Present.
class MultipartScanner {
public:
    static constexpr std::size_t kMaxHead = 4096;   // Of one part.
    static constexpr std::size_t kMaxParts = 1000;  // PHP, for one, drops what comes after them.

    // `boundary` as multipart_boundary() gives it.
    MultipartScanner(std::string_view boundary, std::vector<std::string> wanted);

    void feed(std::string_view bytes);
    void finish();  // The body is complete. What was found before may turn out otherwise by then.

    [[nodiscard]] bool is_finished() const { return finished_; }

    // Once finished: whether the whole body is as browsers write it, so that a field that is
    // Absent is not there for a backend either.
    [[nodiscard]] bool is_sound() const { return finished_ && stage_ == Stage::End; }

    // `name` must be among the wanted ones.
    [[nodiscard]] const FormField& field(std::string_view name) const;

private:
    enum class Stage : std::uint8_t { Content, Delimiter, Head, End, Unsound };

    // Each takes what it can off the front of `rest`, and tells whether the next may go on.
    bool step(std::string_view& rest);
    bool read_content(std::string_view& rest);
    bool read_delimiter(std::string_view& rest);
    bool read_head(std::string_view& rest);

    void begin_part(std::string_view head);
    void take(std::string_view content);
    void end_part();
    void contest(std::string_view name);
    void give_up();
    [[nodiscard]] std::size_t index_of(std::string_view name) const;

    std::string boundary_;
    std::vector<std::string> wanted_;
    std::vector<FormField> found_;
    std::string pending_;  // What cannot be judged before more has come.
    Stage stage_ = Stage::Content;
    std::size_t parts_ = 0;
    std::size_t current_ = 0;  // Index of the field whose value is being read.
    std::string value_;        // Of that field; one byte more than kMaxValue when it is too long.
    bool finished_ = false;
};

// The boundary in a Content-Type of multipart/form-data. Nothing unless it is the only parameter
// and made of 1 to 70 letters, digits and `'+_-.`: at the other characters of RFC 2046 §5.1.1 some
// backends cut it off.
[[nodiscard]] std::optional<std::string> multipart_boundary(std::string_view content_type);

}  // namespace policy
