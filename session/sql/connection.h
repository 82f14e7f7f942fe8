#pragma once

// Opening a database through SOCI, and the little in which the engines differ.

#include <memory>
#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "session/sql/settings.h"

namespace soci {
class session;
}

namespace session::sql {

// Our tables are there and of the version that this program knows afterwards; several gateways may
// try that at once. Blocks. Errors: StoreUnavailable, without the password.
[[nodiscard]] policy::Result<std::unique_ptr<soci::session>> open(const Settings& settings);

// `INSERT ... INTO` and its end, for a row that is left out when its key is there.
struct InsertNew {
    std::string_view begin;
    std::string_view end;
};
[[nodiscard]] InsertNew insert_new(Engine engine);

}  // namespace session::sql
