#include "gateway/io/http1_writer.h"

#include <array>
#include <charconv>

namespace gateway {
namespace {

void append_number(std::string& out, std::uint64_t number, int base) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    out.append(digits.data(), end);
}

void append_fields(std::string& out, const policy::FieldList& fields) {
    for (const auto& [name, value] : fields) {
        out.append(name).append(": ").append(value).append("\r\n");
    }
}

void append_framing(std::string& out, const policy::Framing& framing) {
    if (framing.kind == policy::Framing::Kind::Length) {
        out.append("Content-Length: ");
        append_number(out, framing.length, 10);
        out.append("\r\n");
    } else if (framing.kind == policy::Framing::Kind::Chunked) {
        out.append("Transfer-Encoding: chunked\r\n");
    }
}

}  // namespace

void append_request_head(std::string& out, policy::Method method, std::string_view target,
                         const policy::FieldList& fields, const policy::Framing& framing) {
    out.append(policy::name(method)).append(" ").append(target).append(" HTTP/1.1\r\n");
    append_fields(out, fields);
    append_framing(out, framing);
    out.append("\r\n");
}

void append_response_head(std::string& out, int status, const policy::FieldList& fields,
                          const policy::Framing& framing, Persistence persistence) {
    out.append("HTTP/1.1 ");
    append_number(out, static_cast<std::uint64_t>(status), 10);
    out.append(" ").append(policy::reason_phrase(status)).append("\r\n");
    append_fields(out, fields);
    append_framing(out, framing);
    if (persistence == Persistence::Close) out.append("Connection: close\r\n");
    if (persistence == Persistence::KeepAlive) out.append("Connection: keep-alive\r\n");
    out.append("\r\n");
}

void append_chunk_size(std::string& out, std::size_t size) {
    append_number(out, size, 16);
    out.append("\r\n");
}

void append_chunk(std::string& out, std::string_view bytes) {
    append_chunk_size(out, bytes.size());
    out.append(bytes).append("\r\n");
}

}  // namespace gateway
