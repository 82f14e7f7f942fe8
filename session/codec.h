#pragma once

// A session as bytes and back, for what keeps sessions outside of this process. The first byte is
// the version of the form: a newer one is not misread but refused.

#include <optional>
#include <string>
#include <string_view>

#include "session/session.h"

namespace session {

[[nodiscard]] std::string encode(const Session& session);

// Nothing for bytes that encode() did not make: cut off, with something behind them, or of another
// version.
[[nodiscard]] std::optional<Session> decode(std::string_view bytes);

}  // namespace session
