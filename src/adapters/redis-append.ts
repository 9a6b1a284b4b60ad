/**
 * The conditional append: one atomic script, so that of any number of writers one wins and the others are told.
 * KEYS: stream, unfinished set, sorted set of its kind by first event, target lease, installation id, unfinished streams of its kind.
 * ARGV: last id seen ('' for a new stream), event id, event, lease take|free|none, stream name, terminal 1|0, event time in ms,
 * installation, stream to open ('' for none), 0 for messages, which are no work of their own, stream that the lease may be taken
 * over from. Answers {ok, id} | {conflict, last id} |
 * {held, holder} | {foreign, installation}; the same event sent twice is {ok}.
 */
export const APPEND_SCRIPT = `
local installation = redis.call('GET', KEYS[5])
if installation and installation ~= ARGV[8] then return {'foreign', installation} end

local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local lastId = last and last[1] or ''
if lastId ~= ARGV[1] then
  if last and last[2][2] == ARGV[2] then return {'ok', lastId} end
  return {'conflict', lastId}
end

if ARGV[4] == 'take' then
  local holder = redis.call('GET', KEYS[4])
  if holder and holder ~= ARGV[5] and holder ~= ARGV[11] then return {'held', holder} end
  redis.call('SET', KEYS[4], ARGV[5])
end
if ARGV[4] == 'free' and redis.call('GET', KEYS[4]) == ARGV[5] then redis.call('DEL', KEYS[4]) end

if not installation then redis.call('SET', KEYS[5], ARGV[8]) end
if ARGV[6] == '1' then redis.call('SREM', KEYS[2], ARGV[5]) else redis.call('SADD', KEYS[2], ARGV[5]) end
if ARGV[10] == '1' then redis.call(ARGV[6] == '1' and 'SREM' or 'SADD', KEYS[6], ARGV[5]) end
if ARGV[9] ~= '' then redis.call('SADD', KEYS[2], ARGV[9]) end
if lastId == '' and ARGV[10] == '1' then redis.call('ZADD', KEYS[3], ARGV[7], ARGV[5]) end
return {'ok', redis.call('XADD', KEYS[1], '*', 'eid', ARGV[2], 'event', ARGV[3])}
`;

/** The id of the last entry of each stream in KEYS, '' for none: the entries themselves, with their plans, stay where they are. */
export const LAST_IDS_SCRIPT = `
local ids = {}
for at, key in ipairs(KEYS) do
  local last = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1]
  ids[at] = last and last[1] or ''
end
return ids
`;
