/**
 * One attempt of each of `KEYS`. `ARGV`: now, the window, and for each key how many are too many. Answers for each key how
 * many there are, and whether this was the one too many. Only the last of them are kept, so that a key never grows.
 */
export const addAttemptScript = `
local now, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local answers = {}
for at, key in ipairs(KEYS) do
  local limit = tonumber(ARGV[at + 2])
  local kept = {}
  for time in string.gmatch(redis.call('HGET', key, 'times') or '', '%d+') do
    if now - tonumber(time) < window then kept[#kept + 1] = time end
  end
  kept[#kept + 1] = ARGV[1]
  while #kept > limit do table.remove(kept, 1) end
  local raised_at = tonumber(redis.call('HGET', key, 'raised') or '')
  local raised = 0
  if #kept >= limit and not (raised_at and now - raised_at < window) then
    raised = 1
    redis.call('HSET', key, 'raised', ARGV[1])
  end
  redis.call('HSET', key, 'times', table.concat(kept, ','))
  redis.call('PEXPIRE', key, ARGV[2])
  answers[2 * at - 1] = #kept
  answers[2 * at] = raised
end
return answers
`;

/** How many attempts each of `KEYS` has. `ARGV`: now, the window. */
export const countAttemptsScript = `
local answers = {}
for at, key in ipairs(KEYS) do
  local count = 0
  for time in string.gmatch(redis.call('HGET', key, 'times') or '', '%d+') do
    if tonumber(ARGV[1]) - tonumber(time) < tonumber(ARGV[2]) then count = count + 1 end
  end
  answers[at] = count
end
return answers
`;

export const forgetScript = `return redis.call('DEL', KEYS[1])`;

/** `ARGV`: after how many ms of quiet it is forgotten. */
export const addOffenceScript = `
local count = redis.call('INCR', KEYS[1])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return count
`;

/**
 * Changes the sorted set of blocks, whose scores are when they end. `KEYS`: the set, its version. `ARGV`: now, a new version,
 * how many there may be, then each member with its end; an end of 0 takes it out. Where there are too many, those that end first end.
 */
export const changeBlocksScript = `
local blocks, version = KEYS[1], KEYS[2]
redis.call('ZREMRANGEBYSCORE', blocks, '-inf', ARGV[1])
for at = 4, #ARGV, 2 do
  if ARGV[at + 1] == '0' then
    redis.call('ZREM', blocks, ARGV[at])
  else
    redis.call('ZADD', blocks, 'GT', ARGV[at + 1], ARGV[at])
  end
end
redis.call('ZREMRANGEBYRANK', blocks, 0, -tonumber(ARGV[3]) - 1)
local last = redis.call('ZRANGE', blocks, -1, -1, 'WITHSCORES')
local life = last[2] and math.max(1000, tonumber(last[2]) - tonumber(ARGV[1])) or 1000
redis.call('PEXPIRE', blocks, string.format('%.0f', life))
redis.call('SET', version, ARGV[2], 'PX', string.format('%.0f', life))
return 1
`;

/** All blocks as `member, end, …` behind their version, or the version alone where it is still that of `ARGV[2]`. `ARGV[1]`: now. */
export const readBlocksScript = `
local version = redis.call('GET', KEYS[2]) or ''
if version == ARGV[2] then return { version } end
local answer = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf', 'WITHSCORES')
table.insert(answer, 1, version)
return answer
`;

/** `ARGV`: the hashes of address and user agent, and for how many ms it is remembered. */
export const useSessionScript = `
local key, address, agent = KEYS[1], ARGV[1], ARGV[2]
local known = redis.call('HMGET', key, 'address', 'agent', 'foreign')
local use
if not known[1] or known[1] == address or known[2] == agent then
  redis.call('HSET', key, 'address', address, 'agent', agent)
  if not known[1] then use = 'new'
  elseif known[1] == address and known[2] == agent then use = 'same'
  else use = 'moved' end
else
  local foreign = address .. ' ' .. agent
  use = known[3] == foreign and 'foreign_again' or 'foreign'
  redis.call('HSET', key, 'foreign', foreign)
end
redis.call('PEXPIRE', key, ARGV[3])
return use
`;
