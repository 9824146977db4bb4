import { randomUUID } from 'node:crypto';
import { checkMax, createMemoryStore } from './memoryStore';
import { createRedisGuard, type GuardLogger, type RedisScripting } from './redisGuard';
import {
  addAttemptScript,
  addOffenceScript,
  changeBlocksScript,
  countAttemptsScript,
  forgetScript,
  readBlocksScript,
  useSessionScript,
} from './redisScripts';
import type { SecurityStore, SessionUse } from './securityStore';

/** What {@link createRedisStore} is told. */
export interface RedisStoreOptions {
  /** A connected client of the app's; it stays the app's to close. */
  readonly client: RedisScripting;
  /** Told once each time that Redis is away, and once when it is back. */
  readonly logger: GuardLogger;
  /** Before each key; its braces keep all keys on one node of a cluster. `{artel-security}:` unless told. */
  readonly prefix?: string;
  /** How long an answer of Redis may take, in ms: 500. */
  readonly timeoutMs?: number;
  /** How long Redis is left alone after it did not answer, in ms: 1 000. */
  readonly retryMs?: number;
  /** For how long a process may not know of a block that another has made, in ms: 1 000. */
  readonly refreshMs?: number;
  /** How much is remembered by this process while Redis is away: 20 000. */
  readonly maxEntries?: number;
  /** How many addresses may be blocked at a time: 10 000. */
  readonly maxBlocks?: number;
  /** Ms since some moment, never going back. */
  readonly elapsed?: () => number;
}

const USES: readonly SessionUse[] = ['new', 'same', 'moved', 'foreign', 'foreign_again'];

function listOf(reply: unknown): readonly unknown[] {
  return Array.isArray(reply) ? reply : [];
}

/**
 * Remembers in Redis, so that all processes of a service count together; each step is one script, and so atomic. While Redis is
 * away each process remembers by itself, in a bounded room, and the blocks that it knew of go on to hold; the blocks
 * that it made meanwhile go to Redis when it is back. Every process has the list of blocks, so that a request costs no way to Redis.
 */
export function createRedisStore(options: RedisStoreOptions): SecurityStore {
  const { prefix = '{artel-security}:', refreshMs = 1_000, elapsed = () => performance.now() } = options;
  const maxBlocks = checkMax('maxBlocks', options.maxBlocks ?? 10_000);
  const own = createMemoryStore({ maxBlocks, maxEntries: options.maxEntries ?? 20_000 });
  const blockKeys = [`${prefix}blocks`, `${prefix}blocks:version`];
  let known: ReadonlyMap<string, number> = new Map();
  let version: string | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  let lastNow = 0;

  const guard = createRedisGuard({
    client: options.client,
    logger: options.logger,
    timeoutMs: options.timeoutMs ?? 500,
    retryMs: options.retryMs ?? 1_000,
    elapsed,
    onBack: () => void handOver(),
  });

  const changeBlocks = async (
    changes: readonly (readonly [key: string, until: number])[],
    now: number,
    instead: () => Promise<void>,
  ): Promise<void> => {
    const values = [now, randomUUID(), maxBlocks, ...changes.flat()];
    await guard.ask(changeBlocksScript, blockKeys, values, () => undefined, instead);
    readAt = Number.NEGATIVE_INFINITY;
  };

  /** Gives Redis the blocks that were made without it. */
  const handOver = async (): Promise<void> => {
    const made = [...own.blocks.entries()];
    if (made.length === 0) return;
    let wasTaken = true;
    await changeBlocks(made, lastNow, async () => {
      wasTaken = false;
    });
    if (!wasTaken) return;
    for (const [key, until] of made) if (own.blocks.until(key) === until) own.blocks.delete(key);
  };

  const readBlocks = async (now: number): Promise<void> => {
    const read = (reply: unknown): void => {
      const [found, ...pairs] = listOf(reply).map(String);
      if (found === version) return;
      version = found;
      const blocks = new Map<string, number>();
      for (let at = 0; at + 1 < pairs.length; at += 2) blocks.set(pairs[at] ?? '', Number(pairs[at + 1]));
      known = blocks;
    };
    await guard.ask(readBlocksScript, blockKeys, [now, version ?? 'none'], read, () => undefined);
  };

  const refresh = (now: number): Promise<void> => {
    readAt = elapsed();
    reading ??= readBlocks(now).finally(() => {
      reading = undefined;
    });
    return reading;
  };

  const knownUntil = (key: string, now: number): number => {
    const until = known.get(key) ?? 0;
    return Math.max(until > now ? until : 0, own.blockedUntil(key, now));
  };

  return {
    addAttempt(subjects, windowMs, now) {
      const keys = subjects.map(({ kind, key }) => `${prefix}${kind}:${key}`);
      const values = [now, windowMs, ...subjects.map(({ limit }) => limit)];
      return guard.ask(
        addAttemptScript,
        keys,
        values,
        (reply) => {
          const numbers = listOf(reply).map(Number);
          return subjects.map((_, at) => ({
            count: numbers[2 * at] ?? 0,
            raised: numbers[2 * at + 1] === 1,
          }));
        },
        () => own.addAttempt(subjects, windowMs, now),
      );
    },
    countAttempts(subjects, windowMs, now) {
      return guard.ask(
        countAttemptsScript,
        subjects.map(({ kind, key }) => `${prefix}${kind}:${key}`),
        [now, windowMs],
        (reply) => listOf(reply).map(Number),
        () => own.countAttempts(subjects, windowMs, now),
      );
    },
    async resetAttempts(subject) {
      await own.resetAttempts(subject);
      const key = `${prefix}${subject.kind}:${subject.key}`;
      await guard.ask(
        forgetScript,
        [key],
        [],
        () => undefined,
        () => undefined,
      );
    },
    addOffence(key, forgetMs, now) {
      return guard.ask(addOffenceScript, [`${prefix}offences:${key}`], [forgetMs], Number, () =>
        own.addOffence(key, forgetMs, now),
      );
    },
    block: (key, until, now) => changeBlocks([[key, until]], now, () => own.block(key, until, now)),
    async unblock(key, now) {
      own.blocks.delete(key);
      known = new Map([...known].filter(([other]) => other !== key));
      await changeBlocks([[key, 0]], now, async () => undefined);
    },
    blockedUntil(key, now) {
      lastNow = now;
      const isFresh = elapsed() - readAt < refreshMs && !reading;
      const asked = isFresh ? undefined : refresh(now);
      // No request waits for a Redis that did not answer the last.
      if (!asked || guard.isAway()) return knownUntil(key, now);
      return asked.then(() => knownUntil(key, now));
    },
    useSession(key, print, keepMs, now) {
      return guard.ask(
        useSessionScript,
        [`${prefix}session:${key}`],
        [print.address, print.userAgent, keepMs],
        (reply) => USES.find((use) => use === reply) ?? 'same',
        () => own.useSession(key, print, keepMs, now),
      );
    },
  };
}
