#pragma once

// What a login gave a user: by which rule it was observed, and the groups. Few of them are shared
// by many sessions, so sessions hold them by reference.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "policy/base/strong.h"

namespace session {

struct Rights {
    policy::LoginName login;  // The rule that observed it.
    std::vector<std::string> groups;
    bool operator==(const Rights&) const = default;
};

// Never null; equal when the rights are.
class SharedRights {
public:
    SharedRights() : SharedRights(Rights{}) {}
    explicit SharedRights(Rights rights)
        : rights_(std::make_shared<const Rights>(std::move(rights))) {}

    [[nodiscard]] const Rights& operator*() const { return *rights_; }
    [[nodiscard]] const Rights* operator->() const { return rights_.get(); }

    friend bool operator==(const SharedRights& left, const SharedRights& right) {
        return left.rights_ == right.rights_ || *left.rights_ == *right.rights_;
    }

private:
    friend class RightsPool;
    std::shared_ptr<const Rights> rights_;
};

// Finds sessions with the same rights the same object. Remembers a bounded number; one per worker.
class RightsPool {
public:
    [[nodiscard]] SharedRights share(SharedRights rights);

private:
    static constexpr std::size_t kMost = 64;
    std::vector<SharedRights> recent_;  // Used last at the end.
};

}  // namespace session
