#pragma once

// Heads of HTTP/1.1 messages as bytes. Everything that leaves is written here, from values that
// were checked when they were read.

#include <string>
#include <string_view>

#include "policy/http/framing.h"
#include "policy/http/message.h"

namespace gateway {

// What is said about the connection itself.
enum class Persistence : std::uint8_t {
    Default,  // Nothing: it is kept.
    Close,
    KeepAlive,  // For HTTP/1.0 clients that asked for it.
};

void append_request_head(std::string& out, policy::Method method, std::string_view target,
                         const policy::FieldList& fields, const policy::Framing& framing);

// Framing::None adds no field: the caller's `fields` may tell a length (HEAD, 304).
void append_response_head(std::string& out, int status, const policy::FieldList& fields,
                          const policy::Framing& framing, Persistence persistence);

void append_chunk(std::string& out, std::string_view bytes);
void append_chunk_size(std::string& out, std::size_t size);  // With its line end.
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace gateway
