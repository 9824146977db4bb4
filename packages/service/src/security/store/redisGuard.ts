import { createHash } from 'node:crypto';
import { within } from '../../within';

/**
 * What is asked of a client, as `@redis/client` (`redis`) 5 and newer has it; for `ioredis` it is two lines. Give it
 * `disableOfflineQueue: true`, so that it does not send late what was counted elsewhere in the meantime.
 */
export interface RedisScripting {
  /** Runs a script that Redis knows by its hash; rejects with `NOSCRIPT` where it does not. */
  evalSha(sha: string, options: ScriptArguments): Promise<unknown>;
  /** Runs a script, which Redis then knows. */
  eval(script: string, options: ScriptArguments): Promise<unknown>;
}

/** The keys and values of a script. */
export interface ScriptArguments {
  keys: string[];
  arguments: string[];
}

/** What is needed of a logger; pino's fits. */
export interface GuardLogger {
  /** Writes a line: Redis is back. */
  info(fields: object, message: string): void;
  /** Writes a line: Redis is away. */
  warn(fields: object, message: string): void;
}

export interface RedisGuardOptions {
  readonly client: RedisScripting;
  readonly logger: GuardLogger;
  /** How long an answer may take, in ms. */
  readonly timeoutMs: number;
  /** How long Redis is left alone after it did not answer, in ms. */
  readonly retryMs: number;
  /** Ms since some moment, never going back. */
  readonly elapsed: () => number;
  /** Redis has answered again after it was away. */
  readonly onBack: () => void;
}

/** Asks Redis, and does without where it is away. */
export interface RedisGuard {
  isAway(): boolean;
  /** Runs a script, and answers what `read` makes of the reply, or `instead()` while Redis is away. Never rejects for Redis's sake. */
  ask<T>(
    script: string,
    keys: readonly string[],
    values: readonly (string | number)[],
    read: (reply: unknown) => T,
    instead: () => T | Promise<T>,
  ): Promise<T>;
}

export function createRedisGuard(options: RedisGuardOptions): RedisGuard {
  const { client, logger, timeoutMs, retryMs, elapsed, onBack } = options;
  const hashes = new Map<string, string>();
  let isAway = false;
  let triedAt = 0;

  const run = async (script: string, keys: readonly string[], values: readonly (string | number)[]) => {
    const hash = hashes.get(script) ?? createHash('sha1').update(script).digest('hex');
    hashes.set(script, hash);
    const call = { keys: [...keys], arguments: values.map(String) };
    try {
      return await client.evalSha(hash, call);
    } catch (error) {
      // Redis forgets scripts when it restarts.
      if (error instanceof Error && error.message.startsWith('NOSCRIPT')) return client.eval(script, call);
      throw error;
    }
  };

  const tellAway = (error: unknown): void => {
    if (isAway) return;
    isAway = true;
    const reason = error instanceof Error ? error.message : String(error);
    const effect = 'each process counts sign-ins and blocks by itself until it is back';
    logger.warn({ category: 'security', reason: reason.slice(0, 200) }, `no Redis: ${effect}`);
  };

  return {
    isAway: () => isAway,
    async ask(script, keys, values, read, instead) {
      if (isAway && elapsed() - triedAt < retryMs) return instead();
      triedAt = elapsed();
      let reply: unknown;
      try {
        reply = await within(run(script, keys, values), timeoutMs);
      } catch (error) {
        tellAway(error);
        return instead();
      }
      if (isAway) {
        isAway = false;
        logger.info({ category: 'security' }, 'Redis is back: all processes count together again');
        onBack();
      }
      return read(reply);
    },
  };
}
