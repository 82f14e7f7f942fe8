#include "config/groups.h"

#include <cerrno>
#include <system_error>

#include "config/content.h"
#include "config/document.h"
#include "config/rows.h"
#include "policy/who.h"

namespace config {

namespace {

using OfUser = std::map<std::string, std::vector<std::string>, std::less<>>;

void decode_member(const Value& value, OfUser& of_user) {
    const auto user = policy::parse_user_name(value.key());
    if (!user) value.complain("is no user name: 1 to 256 bytes without control characters");
    auto& groups = of_user[std::string(value.key())];
    each_of(value, [&groups](const Value& item) {
        if (auto text = item.text()) groups.push_back(std::move(*text));
    });
}

void read_file(const PlacedFile& named, OfUser& of_user, Report& report) {
    errno = 0;
    const auto text = content_of(named.file);
    if (!text) {
        const auto why = std::generic_category().message(errno);
        return report.add(named.place, "names a file that cannot be read: " + why);
    }
    Report own(named.file);
    const auto root = parse_document(*text, own);
    if (root) {
        const Value value(*root, {root->mark, ""}, own);
        value.each_entry([&of_user](const Value& entry) { decode_member(entry, of_user); });
    }
    report.adopt(own.take());
}

}  // namespace

void read_groups(Draft& draft, Report& report) {
    for (auto& login : draft.logins) {
        if (login.groups) read_file(*login.groups, login.rule.groups.of_user, report);
    }
}

}  // namespace config
