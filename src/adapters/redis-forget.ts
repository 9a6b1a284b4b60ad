/**
 * Deletes what is kept of one run, unless something of it is unfinished or has moved on meanwhile. Messages of which none was ever
 * begun are not unfinished: where only the terminal is used, nobody says them.
 * KEYS: run's stream, its messages' stream, unfinished set, recent sorted set, installation id.
 * ARGV: the names of the two streams, the run's last id seen, installation. Answers 1 where it was deleted.
 */
export const FORGET_SCRIPT = `
if redis.call('GET', KEYS[5]) ~= ARGV[4] then return 0 end
if redis.call('SISMEMBER', KEYS[3], ARGV[1]) == 1 then return 0 end
if redis.call('SISMEMBER', KEYS[3], ARGV[2]) == 1 and redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if not last or last[1] ~= ARGV[3] then return 0 end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('SREM', KEYS[3], ARGV[2])
return 1
`;
