import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock';
import type { ExposedFamily } from '../exposition';
import { systemWait, type Wait } from '../outputs/wait';
import { claimScript, placeOf } from './claimScript';
import { type Claim, createLedgerShard, type LedgerShard, type Verdict } from './ledgerShard';
import type { LinkLogger, RunScript } from './redisLink';

/** What all gateways have counted, in Redis. */
export interface SharedLedger {
  newToken(): string;
  /** Tells whether a claim on this producer would be answered now. */
  isUp(ledgerKey: string): boolean;
  /**
   * Claims a batch that is on this gateway's disk: the first claim of all gateways has it. Waits for Redis as long as
   * it takes and never rejects; `onDelay` is told, once, that it takes long.
   */
  claim(claim: Claim, onDelay?: () => void): Promise<Verdict>;
  /** Tells whether some gateway has the batch. Rejects with a `RedisDownError`. */
  isClaimed(ledgerKey: string, seq: number): Promise<boolean>;
  /** Says that the batch, which was ours, is counted, and its token will not be claimed again. */
  forget(claim: Claim): void;
  /** The place in the list of the Redis that `key` falls to, for others that share it. */
  partOf(key: string): number;
  /** Runs a script of theirs there. */
  run(part: number, ...call: Parameters<RunScript>): Promise<unknown>;
  /** How many of the Redis answer claims now, of how many. */
  parts(): { readonly up: number; readonly all: number };
  /** Resolves when all of them do, or after `ms`. */
  whenUp(ms: number): Promise<void>;
  /** `artel_gateway_redis_up`, `artel_gateway_claims_total` and the like. */
  families(): ExposedFamily[];
  close(): Promise<void>;
}

export interface SharedLedgerOptions {
  /** One Redis, or several that share the producers among them: the same list, in the same order, in every gateway. */
  readonly urls: readonly string[];
  /** Before every key. Installations with different prefixes know nothing of each other. */
  readonly prefix: string;
  readonly timeoutMs: number;
  /** Days after which a silent producer is forgotten. */
  readonly ledgerDays: () => number;
  /** Scripts of others that `run` is going to be asked for. */
  readonly scripts?: readonly string[];
  readonly logger: LinkLogger;
  readonly clock: Clock;
  readonly wait?: Wait;
  readonly random?: () => number;
  readonly settleMs?: number;
}

/**
 * How long a gateway may take to notice another Redis behind the same name, in ms: an attempt on the old one that hangs, the
 * wait before the next, and the recall itself.
 */
const settleAfter = (timeoutMs: number): number => 2 * timeoutMs + 1_000;
const DAY_MS = 86_400_000;

/** Connects to the Redis that gateways share. Goes on connecting for as long as there is none. */
export function createSharedLedger(options: SharedLedgerOptions): SharedLedger {
  const { urls, prefix, clock, timeoutMs, wait = systemWait, random = Math.random } = options;
  // Tokens of two processes never meet: 64 random bits each. Digits and letters only, which the script relies on.
  const ownName = randomBytes(8).toString('hex');
  let tokens = 0;
  const counts: Record<Verdict, number> = { ours: 0, theirs: 0 };
  let restored = 0;
  let whenChanged: (() => void)[] = [];

  const shards = urls.map((url, index) =>
    createLedgerShard({
      url,
      layout: { key: `${prefix}part`, value: `${index + 1} of ${urls.length}` },
      scripts: [claimScript, ...(options.scripts ?? [])],
      timeoutMs,
      settleMs: options.settleMs ?? settleAfter(timeoutMs),
      ttlMs: () => options.ledgerDays() * DAY_MS,
      clock,
      wait,
      random,
      logger: options.logger,
      onChange() {
        const told = whenChanged;
        whenChanged = [];
        for (const tell of told) tell();
      },
      onVerdict(verdict) {
        counts[verdict]++;
      },
      onRestored(claims) {
        restored += claims;
      },
    }),
  );
  const shardAt = (part: number): LedgerShard => {
    const found = shards[part];
    if (!found) throw new RangeError(`redis: there is no part ${part} of ${shards.length}`);
    return found;
  };
  const shardOf = (ledgerKey: string): { readonly key: string; readonly shard: LedgerShard } => {
    const { key, shard } = placeOf(ledgerKey, prefix, shards.length);
    return { key, shard: shardAt(shard) };
  };
  const parts = () => ({ up: shards.filter(({ link }) => link.isUp()).length, all: shards.length });

  return {
    newToken: () => `${ownName}${(tokens++).toString(36)}`,
    isUp: (ledgerKey) => shardOf(ledgerKey).shard.link.isUp(),
    claim: (claim, onDelay) =>
      new Promise((resolve) => {
        const { key, shard } = shardOf(claim.ledgerKey);
        shard.claim({ claim, key, resolve, onDelay });
      }),
    isClaimed(ledgerKey, seq) {
      const { key, shard } = shardOf(ledgerKey);
      return shard.isClaimed(key, seq);
    },
    forget(claim) {
      const { key, shard } = shardOf(claim.ledgerKey);
      shard.forget(key, claim);
    },
    partOf: (key) => placeOf(key, prefix, shards.length).shard,
    run: (part, ...call) => shardAt(part).link.run(...call),
    parts,
    async whenUp(ms) {
      const until = new AbortController();
      const late = wait(ms, until.signal).then(() => true);
      while (parts().up < parts().all) {
        const changed = new Promise<boolean>((resolve) => {
          whenChanged.push(() => resolve(false));
        });
        if (await Promise.race([late, changed])) break;
      }
      until.abort();
    },
    families: () => [
      {
        name: 'artel_gateway_redis_up',
        kind: 'gauge',
        help: 'Whether the Redis that gateways share takes claims, by its place in the list.',
        series: shards.map(({ link }, index) => ({
          labels: [['part', String(index + 1)]],
          value: link.isUp() ? 1 : 0,
        })),
      },
      {
        name: 'artel_gateway_claims_total',
        kind: 'counter',
        help: 'Batches that were claimed in Redis, by who has them: this gateway, or another copy.',
        series: [
          { labels: [['verdict', 'ours']], value: counts.ours },
          { labels: [['verdict', 'theirs']], value: counts.theirs },
        ],
      },
      {
        name: 'artel_gateway_redis_restored_total',
        kind: 'counter',
        help: 'Claims that Redis had lost by a restart or a failover, and was told again.',
        series: [{ labels: [], value: restored }],
      },
    ],
    async close() {
      await Promise.all(shards.map(({ link }) => link.close()));
    },
  };
}
