#include "session/public_suffix.h"

#include <memory>
#include <string>

#include <libpsl.h>

namespace session {

namespace {

struct FreeList {
    void operator()(psl_ctx_t* list) const { psl_free(list); }
};

// Read once; looking something up changes nothing in it.
const psl_ctx_t* suffixes() {
    static const std::unique_ptr<psl_ctx_t, FreeList> list(psl_latest(nullptr));
    return list.get();
}

}  // namespace

bool is_public_suffix(std::string_view domain) {
    const auto* list = suffixes();
    if (!list) return true;
    return psl_is_public_suffix2(list, std::string(domain).c_str(), PSL_TYPE_ANY) != 0;
}

}  // namespace session
