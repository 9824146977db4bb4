import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock';
import type { ExposedFamily } from '../exposition';
import { systemWait, type Wait } from '../outputs/wait';
import { type ClaimStep, claimAnswers, claimArguments, claimScript, placeOf } from './claimScript';
import {
  createRedisLink,
  type LinkLogger,
  RedisDownError,
  type RedisLink,
  type RunScript,
} from './redisLink';

/** A batch of a producer, and the name under which this gateway has put it on its disk. */
export interface Claim {
  readonly ledgerKey: string;
  readonly seq: number;
  /** Names one copy of one batch for ever: `newToken` makes it, and the disk keeps it. */
  readonly token: string;
}

/** Whose copy of the batch is counted. It stays so for ever. */
export type Verdict = 'ours' | 'theirs';

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
  /** Runs a script for others that share this Redis: on the shard that `place` falls to. */
  run(place: string, ...call: Parameters<RunScript>): Promise<unknown>;
  /** Why claims are not answered, for operators. */
  problem(): string | undefined;
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

/** The most steps of one call: Redis does nothing else meanwhile, about 5 µs a step. */
const MAX_STEPS = 500;
/**
 * How long this gateway can tell Redis again what it was told, in ms. Longer than Redis loses by a restart
 * (`appendfsync everysec`: two seconds) or by the failover to a replica.
 */
const RECALL_MS = 10_000;
const MAX_RECALLED = 100_000;
const SETTLE_MS = 1_500;
const DAY_MS = 86_400_000;

interface Open {
  readonly claim: Claim;
  readonly key: string;
  readonly resolve: (verdict: Verdict) => void;
  onDelay: (() => void) | undefined;
}

/** A claim that was ours. */
interface Recent {
  readonly key: string;
  readonly claim: Claim;
  readonly at: number;
  isForgotten: boolean;
}

interface Shard {
  readonly link: RedisLink;
  claim(open: Open): void;
  forget(key: string, claim: Claim): void;
}

interface Counts {
  ours: number;
  theirs: number;
  restored: number;
}

/** Connects to the Redis that gateways share. Goes on connecting for as long as there is none. */
export function createSharedLedger(options: SharedLedgerOptions): SharedLedger {
  const { urls, prefix, clock, wait = systemWait, random = Math.random } = options;
  // Tokens of two processes never meet: 64 random bits each. Digits and letters only, which the script relies on.
  const ownName = randomBytes(8).toString('hex');
  let tokens = 0;
  const counts: Counts = { ours: 0, theirs: 0, restored: 0 };
  const ttl = (): number => options.ledgerDays() * DAY_MS;

  const createShard = (url: string, index: number): Shard => {
    let waiting: Open[] = [];
    let forgotten: ClaimStep[] = [];
    let isScheduled = false;
    const recent = new Map<string, Recent>();

    const remember = (key: string, claim: Claim): void => {
      const now = clock.elapsed();
      recent.set(claim.token, { key, claim, at: now, isForgotten: false });
      for (const [token, { at }] of recent) {
        if (recent.size <= MAX_RECALLED && now - at < RECALL_MS) break;
        recent.delete(token);
      }
    };

    /** Tells a Redis what this gateway was told in the last seconds, should it have lost it. */
    const recall = async (run: RunScript): Promise<void> => {
      const since = clock.elapsed() - RECALL_MS;
      const steps = [...recent.values()]
        .filter(({ at }) => at >= since)
        .flatMap(({ key, claim: { seq, token }, isForgotten }): ClaimStep[] => [
          { key, seq, what: '?' },
          // With its token while the batch is not counted: a restart of this gateway would ask for it by that.
          { key, seq, what: isForgotten ? '!' : `+${token}` },
        ]);
      for (let from = 0; from < steps.length; from += MAX_STEPS) {
        const part = steps.slice(from, from + MAX_STEPS);
        const answers = await call(run, part);
        counts.restored += part.filter(({ what }, at) => what === '?' && answers[at]).length;
      }
    };

    const call = async (run: RunScript, steps: readonly ClaimStep[]): Promise<boolean[]> => {
      const keys = steps.map(({ key }) => key);
      return claimAnswers(await run(claimScript, keys, claimArguments(steps, ttl())), steps.length);
    };

    const send = async (group: readonly Open[], forgets: readonly ClaimStep[]): Promise<void> => {
      const steps = [
        ...group.map(({ key, claim }): ClaimStep => ({ key, seq: claim.seq, what: `+${claim.token}` })),
        ...forgets,
      ];
      let answers: boolean[];
      try {
        answers = await call(link.run, steps);
      } catch {
        // Tokens that are not forgotten cost some bytes until the producer's entry expires, and nothing else.
        delay(group);
        waiting = [...group, ...waiting];
        // The link is down now, or was and is up again.
        schedule();
        return;
      }
      for (const [at, { key, claim, resolve }] of group.entries()) {
        const verdict = answers[at] ? 'ours' : 'theirs';
        if (verdict === 'ours') remember(key, claim);
        counts[verdict]++;
        resolve(verdict);
      }
    };

    const delay = (group: readonly Open[]): void => {
      for (const open of group) {
        open.onDelay?.();
        open.onDelay = undefined;
      }
    };

    const flush = (): void => {
      isScheduled = false;
      if (!link.isUp()) {
        delay(waiting);
        return;
      }
      while (waiting.length + forgotten.length > 0) {
        const group = waiting.slice(0, MAX_STEPS);
        const forgets = forgotten.slice(0, MAX_STEPS - group.length);
        waiting = waiting.slice(group.length);
        forgotten = forgotten.slice(forgets.length);
        void send(group, forgets);
      }
    };
    const schedule = (): void => {
      if (isScheduled) return;
      isScheduled = true;
      // The claims of a group come one after the other in one turn of the event loop: they go as one call.
      setImmediate(flush);
    };

    const link = createRedisLink({
      url,
      scripts: [claimScript, ...(options.scripts ?? [])],
      layout: { key: `${prefix}part`, value: `${index + 1} of ${urls.length}` },
      timeoutMs: options.timeoutMs,
      settleMs: options.settleMs ?? SETTLE_MS,
      clock,
      wait,
      random,
      logger: options.logger,
      recall,
      onChange: schedule,
    });

    return {
      link,
      claim(open) {
        waiting.push(open);
        schedule();
      },
      forget(key, { seq, token }) {
        const known = recent.get(token);
        if (known) known.isForgotten = true;
        if (forgotten.length >= MAX_RECALLED) return;
        forgotten.push({ key, seq, what: `-${token}` });
        schedule();
      },
    };
  };

  const shards = urls.map(createShard);
  const shardOf = (ledgerKey: string): { readonly key: string; readonly shard: Shard } => {
    const { key, shard } = placeOf(ledgerKey, prefix, shards.length);
    const found = shards[shard];
    if (!found) throw new RangeError('redis: expected one URL at least');
    return { key, shard: found };
  };

  return {
    newToken: () => `${ownName}${(tokens++).toString(36)}`,
    isUp: (ledgerKey) => shardOf(ledgerKey).shard.link.isUp(),
    claim: (claim, onDelay) =>
      new Promise((resolve) => {
        const { key, shard } = shardOf(claim.ledgerKey);
        shard.claim({ claim, key, resolve, onDelay });
      }),
    async isClaimed(ledgerKey, seq) {
      const { key, shard } = shardOf(ledgerKey);
      const [isFree] = claimAnswers(
        await shard.link.run(claimScript, [key], claimArguments([{ key, seq, what: '?' }], ttl())),
        1,
      );
      return isFree === false;
    },
    forget(claim) {
      const { key, shard } = shardOf(claim.ledgerKey);
      shard.forget(key, claim);
    },
    run: (place, ...call) => shardOf(place).shard.link.run(...call),
    problem() {
      const problems = shards.flatMap(({ link }) => {
        const problem = link.isUp() ? undefined : (link.problem() ?? 'not connected');
        return problem === undefined ? [] : [`${link.where}: ${problem}`];
      });
      return problems.length === 0 ? undefined : problems.join('; ');
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
        series: [{ labels: [], value: counts.restored }],
      },
    ],
    async close() {
      await Promise.all(shards.map(({ link }) => link.close()));
    },
  };
}

export { RedisDownError };
