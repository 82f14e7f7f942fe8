#include "policy/path_mapping.h"

#include "policy/base/text.h"

namespace policy {

namespace {

// What follows `prefix`, in whatever way its characters are encoded; nothing when `path` does not
// continue it at a segment boundary.
std::optional<std::string_view> behind(std::string_view path, std::string_view prefix) {
    while (!prefix.empty()) {
        if (path.empty()) return std::nullopt;
        const auto byte = path.front() == '%' ? percent_decode(path.substr(0, 3)) : std::nullopt;
        if ((byte ? byte->front() : path.front()) != prefix.front()) return std::nullopt;
        path.remove_prefix(byte ? 3 : 1);
        prefix.remove_prefix(1);
    }
    if (!path.empty() && path.front() != '/') return std::nullopt;
    return path;
}

std::string_view join(std::string_view prefix, std::string_view rest, std::string_view query,
                      Arena& arena) {
    const bool is_root = prefix.empty() && rest.empty();
    return arena.join({prefix, is_root ? "/" : rest, query});
}

}  // namespace

Result<std::string_view> PathMapping::to_backend(std::string_view target, Arena& arena) const {
    if (changes_nothing()) return target;
    const auto path = target.substr(0, target.find('?'));
    const auto rest = behind(path, public_prefix);
    if (!rest) return fail(Reason::NoRoute);
    if (backend_prefix.empty() && rest->starts_with("//")) return fail(Reason::AmbiguousPath);
    return join(backend_prefix, *rest, target.substr(path.size()), arena);
}

std::optional<std::string_view> PathMapping::to_public(std::string_view path, Arena& arena) const {
    if (changes_nothing()) return path;
    const auto rest = behind(path, backend_prefix);
    if (!rest) return std::nullopt;
    return join(public_prefix, *rest, {}, arena);
}

bool PathMapping::is_public(std::string_view path) const {
    return behind(path, public_prefix).has_value();
}

}  // namespace policy
