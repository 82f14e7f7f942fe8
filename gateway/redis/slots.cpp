#include "gateway/redis/slots.h"

#include <charconv>

#include <boost/crc.hpp>

namespace gateway::redis {

using session::redis::Address;
using session::redis::Reply;

namespace {

bool is_slot(const Reply& reply) {
    return reply.kind == Reply::Kind::Integer && reply.integer >= 0 &&
           reply.integer < std::int64_t{kSlots};
}

std::optional<SlotRange> read_range(const Reply& reply, const Address& asked) {
    if (reply.items.size() < 3 || !is_slot(reply.items[0]) || !is_slot(reply.items[1]))
        return std::nullopt;
    const auto& node = reply.items[2].items;
    if (node.size() < 2 || node[1].kind != Reply::Kind::Integer) return std::nullopt;
    if (node[1].integer <= 0 || node[1].integer > 65535) return std::nullopt;
    const auto& host = node[0].text.empty() ? asked.host : node[0].text;
    return SlotRange{static_cast<std::size_t>(reply.items[0].integer),
                     static_cast<std::size_t>(reply.items[1].integer),
                     {host, static_cast<std::uint16_t>(node[1].integer)}};
}

}  // namespace

std::size_t slot_of(std::string_view key) {
    const auto open = key.find('{');
    if (open != std::string_view::npos) {
        const auto close = key.find('}', open + 1);
        if (close != std::string_view::npos && close > open + 1)
            key = key.substr(open + 1, close - open - 1);
    }
    boost::crc_optimal<16, 0x1021, 0, 0, false, false> crc;
    crc.process_bytes(key.data(), key.size());
    return crc.checksum() % kSlots;
}

std::optional<std::vector<SlotRange>> read_slots(const Reply& reply, const Address& asked) {
    if (reply.kind != Reply::Kind::List || reply.items.empty()) return std::nullopt;
    std::vector<SlotRange> ranges;
    for (const auto& each : reply.items) {
        auto range = read_range(each, asked);
        if (!range) return std::nullopt;
        ranges.push_back(std::move(*range));
    }
    return ranges;
}

std::optional<Address> read_redirection(const Reply& reply, const Address& asked) {
    if (!reply.is_error("MOVED") && !reply.is_error("ASK")) return std::nullopt;
    const std::string_view text = reply.text;
    const auto at = text.substr(text.rfind(' ') + 1);
    const auto colon = at.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    Address address{std::string(at.substr(0, colon)), 0};
    if (address.host.empty()) address.host = asked.host;
    const auto port = at.substr(colon + 1);
    const auto [end, failed] =
        std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (failed != std::errc{} || end != port.data() + port.size() || address.port == 0)
        return std::nullopt;
    return address;
}

}  // namespace gateway::redis
