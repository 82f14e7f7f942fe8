#pragma once

// Whether the bytes of a body are those of an application/x-www-form-urlencoded form. Browsers
// write one in visible ASCII with whole escapes (WHATWG URL §5.2). A backend that looks at a body
// rather than at its Content-Type may see JSON, XML or multipart in what is none.

#include <cstdint>
#include <string_view>

namespace policy {

class FormBytes {
public:
    void feed(std::string_view bytes);

    // Of what was fed so far; a form must not end within an escape. False
    //   when the first byte that is no blank begins JSON or XML, or the first two are `--`;
    //   at a control character (line breaks too) or a byte beyond ASCII, which is another letter in
    //   another charset;
    //   at a `%` that no two hexadecimal digits follow: `%u0075` is a letter for ASP.NET.
    [[nodiscard]] bool are_sound() const { return sound_ && escaped_ == 0; }

private:
    enum class Front : std::uint8_t { Blank, Dash, Passed };

    void take(char c);
    void take_front(char c);

    Front front_ = Front::Blank;
    int escaped_ = 0;  // Digits that an escape still lacks.
    bool sound_ = true;
};

}  // namespace policy
