#include "session/rotation.h"

#include <algorithm>
#include <vector>

namespace session {

namespace {

bool holds(const Ids::Former& former, const IdDigest& digest) {
    return digest != IdDigest{} &&
           std::find(former.digests.begin(), former.digests.end(), digest) != former.digests.end();
}

bool is_crossing(const Ids& ids, policy::Instant now) {
    return ids.former && !ids.former->nonce && now - ids.since < kCrossing;
}

// All that somebody may be on the way with.
std::vector<IdDigest> honoured(const Ids& ids, policy::Instant now) {
    std::vector<IdDigest> digests{ids.current};
    if (ids.offer) digests.push_back(ids.offer->digest);
    if (ids.former && (ids.former->nonce || is_crossing(ids, now)))
        digests.insert(digests.end(), ids.former->digests.begin(), ids.former->digests.end());
    return digests;
}

}  // namespace

Standing standing_of(const Ids& ids, const IdDigest& presented, const RotationRules& rules,
                     policy::Instant now) {
    if (presented == ids.current) return Standing::Current;
    if (ids.offer && presented == ids.offer->digest) return Standing::Offered;
    if (!ids.former || !holds(*ids.former, presented)) return Standing::Retired;
    if (!ids.former->nonce) return is_crossing(ids, now) ? Standing::Crossing : Standing::Retired;
    return now - ids.since < rules.grace ? Standing::InGrace : Standing::Retired;
}

bool is_due(const Ids& ids, const RotationRules& rules, policy::Instant now) {
    return ids.offer || now - ids.since >= rules.every;
}

Ids begin_with(const IdDigest& first, policy::Instant now) {
    Ids ids;
    ids.current = first;
    ids.since = now;
    return ids;
}

Ids take_up_offer(Ids ids, policy::Instant now) {
    Ids::Former former;
    former.digests[0] = ids.current;
    former.nonce = ids.offer->nonce;
    ids.former = former;
    ids.current = ids.offer->digest;
    ids.offer.reset();
    ids.since = now;
    ids.generation += 1;
    return ids;
}

Ids replace_at_once(Ids ids, const IdDigest& fresh, policy::Instant now) {
    const auto late = honoured(ids, now);
    Ids::Former former;
    std::copy_n(late.begin(), std::min(late.size(), former.digests.size()), former.digests.begin());
    ids.former = former;
    ids.current = fresh;
    ids.offer.reset();
    ids.since = now;
    ids.generation += 1;
    ids.incarnation += 1;
    return ids;
}

}  // namespace session
