#include "gateway/body_start.h"

#include <algorithm>

#include "policy/base/text.h"

namespace gateway {
namespace {

using State = policy::AnswerBody::State;

// What comes compressed although that was not asked for: nothing can be found in it.
bool is_encoded(const policy::FieldList& fields) {
    return std::any_of(fields.begin(), fields.end(), [](const policy::Field& field) {
        return policy::equals_ignoring_case(field.name, "Content-Encoding") &&
               !policy::equals_ignoring_case(field.value, "identity");
    });
}

}  // namespace

Task<BodyStart> read_start(Upstream& upstream, std::size_t most) {
    BodyStart start;
    while (start.text.size() < most) {
        const auto piece = co_await upstream.read_body();
        if (!piece) start.error = piece.error();
        start.is_complete = piece && piece->empty();
        if (!piece || piece->empty()) break;
        start.text.append(*piece);
    }
    co_return start;
}

policy::AnswerBody body_of(const BodyStart& start, const policy::FieldList& fields) {
    if (is_encoded(fields)) return {State::Encoded, start.text};
    if (start.error) return {State::CutOff, start.text};
    return {start.is_complete ? State::Whole : State::Begun, start.text};
}

}  // namespace gateway
