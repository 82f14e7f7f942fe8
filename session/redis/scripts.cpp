#include "session/redis/scripts.h"

namespace session::redis {

const Script& insert_script() {
    static const Script script(R"(
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[1], 'r', ARGV[2], 's', ARGV[3], 'x', ARGV[4], 'i', ARGV[5],
           't', ARGV[6], 'b', ARGV[7], 'u', ARGV[8], 'n', ARGV[9])
redis.call('PEXPIRE', KEYS[1], ARGV[10])
return 1
)");
    return script;
}

const Script& update_script() {
    static const Script script(R"(
local f = redis.call('HMGET', KEYS[1], 'v', 'x', 'i', 't', 'u', 'n')
if not f[1] then return {0} end
local now = tonumber(ARGV[2])
if tonumber(f[2]) <= now or f[4] + f[3] <= now then return {0} end
if f[1] ~= ARGV[1] then return {2} end
if ARGV[11] ~= '' and ARGV[11] ~= f[5] and ARGV[3] ~= '1' then return {3} end
local seen = ARGV[9]
if tonumber(f[4]) > tonumber(seen) then seen = f[4] end
redis.call('HSET', KEYS[1], 'v', ARGV[4], 'r', ARGV[5], 's', ARGV[6], 'x', ARGV[7], 'i', ARGV[8],
           't', seen, 'b', ARGV[10], 'u', ARGV[11], 'n', ARGV[12])
redis.call('PEXPIRE', KEYS[1], ARGV[13])
return {1, f[5], f[6]}
)");
    return script;
}

const Script& bury_script() {
    static const Script script(R"(
local f = redis.call('HMGET', KEYS[1], 'v', 'u', 'n')
if not f[1] then return {0} end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'e', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return {1, f[2], f[3]}
)");
    return script;
}

const Script& expire_script() {
    static const Script script(R"(
local f = redis.call('HMGET', KEYS[1], 'v', 'x', 'i', 't', 'u', 'n')
if not f[1] then return {0} end
local now, expires, idle = tonumber(ARGV[1]), tonumber(f[2]), f[4] + f[3]
local over = math.min(expires, idle)
if over > now then return {2, string.format('%.0f', over)} end
local why = 'idle_timeout'
if expires <= idle then why = 'absolute_timeout' end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'e', why)
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.max(expires - now, tonumber(f[3]), 1)))
redis.call('PUBLISH', ARGV[2], ARGV[3] .. why .. ARGV[4])
return {1, why, f[5], f[6]}
)");
    return script;
}

const Script& touch_script() {
    static const Script script(R"(
local f = redis.call('HMGET', KEYS[1], 'v', 'x', 'i', 't')
if not f[1] then return 0 end
local now, seen = tonumber(ARGV[1]), tonumber(f[4])
if now <= seen or tonumber(f[2]) <= now or seen + f[3] <= now then return 0 end
redis.call('HSET', KEYS[1], 't', ARGV[1])
return 1
)");
    return script;
}

const Script& index_script() {
    static const Script script(R"(
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return 1
)");
    return script;
}

const Script& admit_script() {
    static const Script script(R"(
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[5]) then
    redis.call('PEXPIRE', KEYS[1], ARGV[5])
end
return 1
)");
    return script;
}

const Script& epoch_script() {
    static const Script script(R"(
local known = redis.call('GET', KEYS[1])
if known and tonumber(known) >= tonumber(ARGV[1]) then return known end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return ARGV[1]
)");
    return script;
}

}  // namespace session::redis
