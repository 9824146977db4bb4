import type { Clock } from '../clock';
import type { Wait } from '../outputs/wait';
import { type ClaimStep, claimAnswers, claimArguments, claimScript } from './claimScript';
import { createRedisLink, type LinkLogger, type RedisLink, type RunScript } from './redisLink';

/** A batch of a producer, and the name under which this gateway has put it on its disk. */
export interface Claim {
  readonly ledgerKey: string;
  readonly seq: number;
  /** Names one copy of one batch for ever: `newToken` makes it, and the disk keeps it. */
  readonly token: string;
}

/** Whose copy of the batch is counted. It stays so for ever. */
export type Verdict = 'ours' | 'theirs';

/** A claim on its way, under the key of its producer in Redis. */
interface OpenClaim {
  readonly claim: Claim;
  readonly key: string;
  readonly resolve: (verdict: Verdict) => void;
  onDelay: (() => void) | undefined;
}

/** The producers that one Redis keeps. */
export interface LedgerShard {
  readonly link: RedisLink;
  claim(open: OpenClaim): void;
  /** Tells whether some gateway has the batch. Rejects with a `RedisDownError`. */
  isClaimed(key: string, seq: number): Promise<boolean>;
  forget(key: string, claim: Claim): void;
}

export interface LedgerShardOptions {
  readonly url: string;
  /** As `RedisLinkOptions` has them. */
  readonly layout: { readonly key: string; readonly value: string };
  readonly scripts: readonly string[];
  readonly timeoutMs: number;
  readonly settleMs: number;
  /** How long an entry is kept after its last change, in ms. */
  readonly ttlMs: () => number;
  readonly clock: Clock;
  readonly wait: Wait;
  readonly random: () => number;
  readonly logger: LinkLogger;
  readonly onChange: () => void;
  readonly onVerdict: (verdict: Verdict) => void;
  /** Told how many claims a Redis had lost and was told again. */
  readonly onRestored: (claims: number) => void;
}

/** The most steps of one call: Redis does nothing else meanwhile, about 5 µs a step. */
const MAX_STEPS = 500;
/**
 * How far back from its last claim this gateway can tell Redis again what it was told, in ms. Longer than Redis loses by a
 * restart (`appendfsync everysec`: two seconds) or by the failover to a replica. How long Redis was away does not matter.
 */
const RECALL_MS = 10_000;
const MAX_RECALLED = 100_000;

/** A claim that was ours. */
interface Recent {
  readonly key: string;
  readonly claim: Claim;
  readonly at: number;
  isForgotten: boolean;
}

/** Sends claims to one Redis: together, again when there was no answer, and again when Redis has lost them. */
export function createLedgerShard(options: LedgerShardOptions): LedgerShard {
  const { clock } = options;
  let waiting: OpenClaim[] = [];
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

  const call = async (run: RunScript, steps: readonly ClaimStep[]): Promise<boolean[]> => {
    const keys = steps.map(({ key }) => key);
    return claimAnswers(await run(claimScript, keys, claimArguments(steps, options.ttlMs())), steps.length);
  };

  /** Tells a Redis what this gateway was told in the last seconds before it went, should it have lost it. */
  const recall = async (run: RunScript): Promise<void> => {
    const steps = [...recent.values()].flatMap(({ key, claim: { seq, token }, isForgotten }): ClaimStep[] => [
      { key, seq, what: '?' },
      // With its token while the batch is not counted: a restart of this gateway would ask for it by that.
      { key, seq, what: isForgotten ? '!' : `+${token}` },
    ]);
    for (let from = 0; from < steps.length; from += MAX_STEPS) {
      const part = steps.slice(from, from + MAX_STEPS);
      const answers = await call(run, part);
      options.onRestored(part.filter(({ what }, at) => what === '?' && answers[at]).length);
    }
  };

  const delay = (group: readonly OpenClaim[]): void => {
    for (const open of group) {
      open.onDelay?.();
      open.onDelay = undefined;
    }
  };

  const send = async (group: readonly OpenClaim[], forgets: readonly ClaimStep[]): Promise<void> => {
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
      options.onVerdict(verdict);
      resolve(verdict);
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
    ...options,
    recall,
    onChange() {
      schedule();
      options.onChange();
    },
  });

  return {
    link,
    claim(open) {
      waiting.push(open);
      schedule();
    },
    async isClaimed(key, seq) {
      const [isFree] = await call(link.run, [{ key, seq, what: '?' }]);
      return isFree === false;
    },
    forget(key, { seq, token }) {
      const known = recent.get(token);
      if (known) known.isForgotten = true;
      if (forgotten.length >= MAX_RECALLED) return;
      forgotten.push({ key, seq, what: `-${token}` });
      schedule();
    },
  };
}
