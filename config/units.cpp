#include "config/units.h"

#include <array>
#include <limits>
#include <span>

#include "policy/base/text.h"

namespace config {

namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

// From small to large.
constexpr std::array<Unit, 5> kTimes{
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 3> kSizes{{{"B", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024}}};

constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();

std::optional<std::uint64_t> parse_amount(std::string_view text, std::span<const Unit> units) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = policy::parse_decimal(text.substr(0, digits));
    if (!number) return std::nullopt;
    for (const auto& unit : units) {
        if (unit.name != text.substr(digits)) continue;
        if (*number > kMost / unit.factor) return std::nullopt;
        return *number * unit.factor;
    }
    return std::nullopt;
}

std::string amount_text(std::uint64_t amount, std::span<const Unit> units) {
    const auto* best = &units.front();
    for (const auto& unit : units) {
        if (amount != 0 && amount % unit.factor == 0) best = &unit;
    }
    return std::to_string(amount / best->factor) + std::string(best->name);
}

}  // namespace

std::optional<policy::Duration> parse_duration(std::string_view text) {
    const auto amount = parse_amount(text, kTimes);
    if (!amount) return std::nullopt;
    return policy::Duration(static_cast<std::int64_t>(*amount));
}

std::optional<std::size_t> parse_size(std::string_view text) {
    return parse_amount(text, kSizes);
}

std::optional<session::Threshold> parse_threshold(std::string_view text) {
    if (text == "off") return session::Threshold{};
    const auto word = text.find(" in ");
    if (word == std::string_view::npos) return std::nullopt;
    const auto count = policy::parse_decimal(text.substr(0, word));
    const auto window = parse_duration(text.substr(word + 4));
    if (!count || *count == 0 || *count > std::numeric_limits<unsigned>::max()) return std::nullopt;
    if (!window || *window <= policy::Duration::zero()) return std::nullopt;
    return session::Threshold{static_cast<unsigned>(*count), *window};
}

std::string duration_text(policy::Duration duration) {
    return amount_text(static_cast<std::uint64_t>(duration.count()), kTimes);
}

std::string size_text(std::size_t bytes) {
    return amount_text(bytes, kSizes);
}

}  // namespace config
