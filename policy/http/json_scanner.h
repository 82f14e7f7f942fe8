#pragma once

// Picks a few values out of a JSON body (RFC 8259): a request's, or an answer's. Names of fields
// are JSON Pointers. The body is kept until it is complete, up to kMaxBody.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "policy/http/form_scanner.h"
#include "policy/http/json_search.h"

namespace policy {

// A field is Present when a string, number, true or false stands there: as text, strings unescaped,
// numbers as they are spelled. Otherwise it is
//   Absent     when nothing stands there, or null in a backend's answer;
//   Repeated   when a key on the way to it comes twice, or beside or as one that some backend
//              takes for it (see json_key.h; only in a client's body);
//   TooLong    when it is longer than FormScanner::kMaxValue, or the body is than kMaxBody;
//   Malformed  when an object or array stands there (some backends make a text or a query of it),
//              when the string holds a NUL, or when the body is not sound. In a client's body also
//              when it is null (a text for some), or a number that backends may round or spell in
//              another way: one with fraction or exponent, `-0`, or beyond 2^53.
class JsonScanner {
public:
    static constexpr std::size_t kMaxBody = 65536;
    static constexpr std::size_t kMaxDepth = 64;

    // `wanted` are JSON Pointers.
    explicit JsonScanner(std::vector<std::string> wanted, JsonAuthor author = JsonAuthor::Client);

    void feed(std::string_view bytes);
    void finish();  // The body is complete. Before, every field is Absent.

    [[nodiscard]] bool is_finished() const { return finished_; }

    // Once finished: whether the body is one JSON text, with nothing around it, that all readers
    // accept. It is not with a BOM, a NUL, a comment, bad UTF-8, half a surrogate pair, a number
    // beyond a double, or when nested deeper than kMaxDepth.
    [[nodiscard]] bool is_sound() const { return sound_; }

    // `pointer` must be among the wanted ones.
    [[nodiscard]] const FormField& field(std::string_view pointer) const;

    // The value there, or those of the array that stands there; empty when one of them would not be
    // Present as a field.
    [[nodiscard]] const std::vector<std::string>& texts(std::string_view pointer) const;

private:
    [[nodiscard]] const JsonFinding& finding(std::string_view pointer) const;

    std::vector<std::string> wanted_;
    std::vector<JsonFinding> found_;
    JsonAuthor author_;
    std::string body_;  // Up to one byte more than kMaxBody.
    bool finished_ = false;
    bool sound_ = false;
};

// True for application/json and any type that ends in `+json`, in UTF-8.
[[nodiscard]] bool is_json(std::string_view content_type);

}  // namespace policy
