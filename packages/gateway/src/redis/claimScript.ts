import { createHash } from 'node:crypto';

/**
 * What Redis keeps of one producer, as text: `high|from-to,…|seq=token,…`, or just `high` where there is nothing else.
 * `high` and the ranges are those of `LedgerEntry`; a token stands by each `seq` whose claimant has not yet said that
 * it is counted. One call does many operations, each upon its key; `ARGV` holds the time to live in ms and then, for each
 * key, a `seq` and what to do with it:
 *
 * - `+token` claims: 1 when the token has it, now or since before, 0 when it was another's.
 * - `-token` forgets the token, and leaves the mark.
 * - `?` asks: 1 when nobody has it.
 * - `!` marks without a token: 1 when nobody had it.
 *
 * All of them may be sent again without harm, as long as a token is used for one batch only.
 */
export const claimScript = `
local ttl = ARGV[1]

local function read(value)
  local entry = { high = 0, ranges = {}, owners = {} }
  local high, ranges, owners = string.match(value or '', '^(%d+)|?([^|]*)|?(.*)$')
  if not high then return entry end
  entry.high = tonumber(high)
  for from, to in string.gmatch(ranges, '(%d+)-(%d+)') do
    entry.ranges[#entry.ranges + 1] = { tonumber(from), tonumber(to) }
  end
  for seq, token in string.gmatch(owners, '(%d+)=([^,]+)') do entry.owners[seq] = token end
  return entry
end

local function write(key, entry)
  local ranges, owners = {}, {}
  for at, range in ipairs(entry.ranges) do ranges[at] = string.format('%.0f-%.0f', range[1], range[2]) end
  for seq, token in pairs(entry.owners) do owners[#owners + 1] = seq .. '=' .. token end
  local text = string.format('%.0f', entry.high)
  if #ranges + #owners > 0 then
    text = text .. '|' .. table.concat(ranges, ',') .. '|' .. table.concat(owners, ',')
  end
  redis.call('SET', key, text, 'PX', ttl)
end

local function marked(entry, seq)
  if seq <= entry.high then return true end
  for _, range in ipairs(entry.ranges) do
    if range[1] <= seq and seq <= range[2] then return true end
  end
  return false
end

local function mark(entry, seq)
  local from, to, ranges, above = seq, seq, {}, {}
  for _, range in ipairs(entry.ranges) do
    if range[2] == seq - 1 then from = range[1]
    elseif range[1] == seq + 1 then to = range[2]
    elseif range[2] < seq then ranges[#ranges + 1] = range
    else above[#above + 1] = range end
  end
  if from == entry.high + 1 then
    entry.high = to
    entry.ranges = above
    return
  end
  ranges[#ranges + 1] = { from, to }
  for _, range in ipairs(above) do ranges[#ranges + 1] = range end
  if #ranges > 256 then entry.high = table.remove(ranges, 1)[2] end
  entry.ranges = ranges
end

local answers = {}
for at, key in ipairs(KEYS) do
  local seq, what = ARGV[2 * at], ARGV[2 * at + 1]
  local kind, token = string.sub(what, 1, 1), string.sub(what, 2)
  local value = redis.call('GET', key)
  local high = tonumber(value or '0')
  local answer = 0
  -- The two usual steps of a batch, without taking the text apart: they cost a third of what the others do.
  if kind == '+' and high and tonumber(seq) == high + 1 then
    redis.call('SET', key, seq .. '||' .. seq .. '=' .. token, 'PX', ttl)
    answer = 1
  elseif kind == '-' and value == seq .. '||' .. seq .. '=' .. token then
    redis.call('SET', key, seq, 'PX', ttl)
  else
    local entry = read(value)
    if kind == '-' then
      if entry.owners[seq] == token then
        entry.owners[seq] = nil
        write(key, entry)
      end
    elseif marked(entry, tonumber(seq)) then
      if kind == '+' and entry.owners[seq] == token then answer = 1 end
    else
      answer = 1
      if kind ~= '?' then
        mark(entry, tonumber(seq))
        if kind == '+' then entry.owners[seq] = token end
        write(key, entry)
      end
    end
  end
  answers[at] = answer
end
return answers
`;

/** One step of the script. */
export interface ClaimStep {
  readonly key: string;
  readonly seq: number;
  readonly what: `+${string}` | `-${string}` | '?' | '!';
}

/** Where a producer stands among the shards, and under which key: of a hash, since ids may be long. */
export interface ProducerPlace {
  readonly key: string;
  readonly shard: number;
}

/** 132 bits of SHA-256: two producers share them by chance in no lifetime. */
const KEY_LENGTH = 22;

/** The place of a `ledgerKey`, the same in every gateway. */
export function placeOf(ledgerKey: string, prefix: string, shards: number): ProducerPlace {
  const hash = createHash('sha256').update(ledgerKey).digest();
  const key = `${prefix}${hash.toString('base64url').slice(0, KEY_LENGTH)}`;
  return { key, shard: hash.readUInt32BE(28) % shards };
}

/** What the script takes as `ARGV`. */
export function claimArguments(steps: readonly ClaimStep[], ttlMs: number): string[] {
  return [String(ttlMs), ...steps.flatMap(({ seq, what }) => [String(seq), what])];
}

/** Reads the script's answer: whether each of `count` steps was answered with 1. Throws when it is none. */
export function claimAnswers(reply: unknown, count: number): boolean[] {
  if (!Array.isArray(reply) || reply.length !== count) throw new TypeError('Redis gave no list of answers');
  return reply.map((one: unknown) => one === 1);
}
