#pragma once

// The steps that a Redis server takes at once, as scripts. Each is about one key, so that a cluster
// can run it; times are milliseconds since 1970 as the gateways have them, never the server's own.
//
// A live session is a hash: v version, r record, s summary, x expires, i idle, t last seen, b
// begun, u user, n network. A tombstone is a hash of which only e is there: why it ended.

#include "session/redis/command.h"

namespace session::redis {

// Arguments: v r s x i t b u n, and for how long to keep it. 1; 0: the key was used before.
[[nodiscard]] const Script& insert_script();

// Arguments: the expected version, now, whether the user's index has it, and those of
// insert_script(). {1, user, network} as they were; {2} conflict; {3} to be put into the user's
// index first; {0} gone.
[[nodiscard]] const Script& update_script();

// Arguments: why, for how long to keep the tombstone, channel, notice. {1, user, network}; {0}
// gone.
[[nodiscard]] const Script& bury_script();

// Arguments: now, channel, the notice up to the reason and what follows it. {1, why, user,
// network}; {2, end}: not yet; {0} gone.
[[nodiscard]] const Script& expire_script();

// Arguments: now.
[[nodiscard]] const Script& touch_script();

// Adds to an index. Arguments: member, until when it counts, for how long to keep the index.
[[nodiscard]] const Script& index_script();

// Adds a stranger to its network, unless it has too many. Arguments: member, until when it counts,
// now, the most there may be, for how long to keep the index. 1; 0: too many.
[[nodiscard]] const Script& admit_script();

// Arguments: the epoch, for how long to keep it, channel, notice. The one that holds then.
[[nodiscard]] const Script& epoch_script();

}  // namespace session::redis
