#pragma once

// The field names that only Sallyport may write: identity headers of any route, and everything a
// backend might take for the truth about the client or the target (IDF-001, IDF-002, IDF-006).

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

class ReservedNames {
public:
    // The built-in names are always reserved; `identity` adds those of the policy.
    explicit ReservedNames(const std::vector<std::string>& identity = {});

    // Compared without case and with `_` equal to `-`.
    [[nodiscard]] bool contains(std::string_view name) const;

private:
    static constexpr std::size_t kSlots = 32;

    void add(std::string_view name);
    [[nodiscard]] static std::size_t slot_of(std::string_view name);

    std::vector<std::string> names_;  // Lower case, `-` for `_`.

    // For each first letter the lengths that a reserved name may have, one bit per length: lets
    // go of nearly every ordinary field without looking at its name.
    std::array<std::uint32_t, kSlots> sizes_by_first_{};
};

// RFC 9110 §7.6.1: fields that concern one connection and never cross the gateway. Those that
// `Connection` nominates: see Nominations.
[[nodiscard]] bool is_hop_by_hop(std::string_view name);

// Letters, digits and `-` only. Other names are dropped: backends fold them (IDF-002).
[[nodiscard]] bool is_plain_name(std::string_view name);

}  // namespace policy
