import { createHash } from 'node:crypto';
import type { Clock } from '../clock';
import type { Wait } from '../outputs/wait';

/** Redis is not to be had, or has not answered: whether the script ran is not known. */
export class RedisDownError extends Error {
  override readonly name = 'RedisDownError';
}

/** Runs a Lua script. Rejects with a `RedisDownError` whatever the reason. */
export type RunScript = (
  script: string,
  keys: readonly string[],
  values: readonly string[],
) => Promise<unknown>;

export interface LinkLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface RedisLinkOptions {
  /** `redis://user:password@host:6379/0`, or `rediss://…` for TLS. */
  readonly url: string;
  /** Every script that is going to be run. */
  readonly scripts: readonly string[];
  /** Key that says which part of the whole this Redis is, and what it has to say: a list in another order is refused. */
  readonly layout: { readonly key: string; readonly value: string };
  /** How long a connection and an answer may take, in ms. */
  readonly timeoutMs: number;
  /**
   * How long Redis is left alone after it was restarted, or another has taken its place, in ms: until then every
   * gateway has told it what it may have lost.
   */
  readonly settleMs: number;
  readonly clock: Clock;
  readonly wait: Wait;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Told once of each time that Redis is away; never of a password. */
  readonly logger: LinkLogger;
  /** Runs on each new connection, before others may use it. */
  readonly recall: (run: RunScript) => Promise<void>;
  /** The link is up, or is no longer. */
  readonly onChange: (up: boolean) => void;
}

export interface RedisLink {
  readonly run: RunScript;
  isUp(): boolean;
  close(): Promise<void>;
}

/**
 * Between two attempts to connect, in ms, at the most. All gateways are to be back within the time that Redis is given to
 * settle, so this does not grow.
 */
const RETRY_MS = 400;
/** A Redis that has been up for less, in seconds, may have just lost something. */
const YOUNG_SECONDS = 10;
/** A link that comes and goes is told of once in so long, in ms. */
const QUIET_MS = 10_000;
const EFFECT =
  'batches with a producer are answered 503, and each gateway limits by itself, until it is back';

type Client = Awaited<ReturnType<typeof openClient>>;

async function openClient(url: string, timeoutMs: number) {
  // Loaded here: a gateway that counts alone does without its time and memory.
  const { createClient } = await import('@redis/client');
  return createClient({
    url,
    // What RESP 3 adds is not needed here, and older servers and proxies do not speak it.
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    // A connection that broke is not mended but replaced: what it was like before must not be taken for granted.
    socket: { connectTimeout: timeoutMs, reconnectStrategy: false },
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function infoField(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}

/**
 * Settles as `promise` does, or rejects after `ms`. Where this process itself stood still for that long, an answer may lie
 * there already, and is read before the timer counts.
 */
async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const end = (): void => reject(new Error(`no answer within ${ms} ms`));
    timer = setTimeout(() => setImmediate(end), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * Keeps a connection to one Redis for as long as the gateway runs. Whatever goes wrong, an error reply too, ends the
 * connection, and a new one is made: it may lead to another server, such as the new primary after a failover. The link
 * is up only once Redis has taken a write.
 */
export function createRedisLink(options: RedisLinkOptions): RedisLink {
  const { url, layout, timeoutMs, clock, wait, random, logger } = options;
  const where = new URL(url).host || url;
  const hashes = new Map(
    options.scripts.map((script) => [script, createHash('sha1').update(script).digest('hex')]),
  );
  const stop = new AbortController();
  let current: { readonly client: Client; readonly lost: (reason: unknown) => void } | undefined;
  let ups = 0;
  let hasTold = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  let runId: string | undefined;
  let hasWarned = false;

  const evaluate = async (client: Client, ...[script, keys, values]: Parameters<RunScript>) => {
    const hash = hashes.get(script);
    if (hash === undefined) throw new TypeError('this script was not named when the link was made');
    return client.evalSha(hash, { keys: [...keys], arguments: [...values] });
  };

  const warnOf = (info: string): void => {
    if (hasWarned) return;
    hasWarned = true;
    const evicts = !['0', undefined].includes(infoField(info, 'maxmemory'));
    const policy = infoField(info, 'maxmemory_policy');
    if (evicts && policy !== 'noeviction') {
      const effect = 'marks that it evicts are counted again when their batches come again; set noeviction';
      logger.warn({ redis: where, policy }, `maxmemory-policy: ${effect}`);
    }
    if (infoField(info, 'aof_enabled') === '0') {
      logger.warn({ redis: where }, 'appendonly: is off; a Redis that restarts forgets what was counted');
    }
  };

  const tell = (message: string, fields: object = {}): void => {
    if (hasTold || clock.elapsed() - toldAt < QUIET_MS) return;
    hasTold = true;
    toldAt = clock.elapsed();
    logger.warn({ redis: where, ...fields }, message);
  };
  const tellThatItIsAway = (reason: unknown): void =>
    tell(`no Redis: ${EFFECT}`, { reason: messageOf(reason) });
  const tellThatItHasChanged = (): void => tell(`Redis was restarted, or is another: ${EFFECT}`);
  const tellThatItIsBack = (): void => {
    if (hasTold) logger.warn({ redis: where }, 'Redis is back');
    hasTold = false;
  };

  /** Finds out whom it has at the other end, and brings that one up to date. */
  const greet = async (client: Client): Promise<void> => {
    // Not every operator lets clients ask. Who says nothing is taken for one that has restarted.
    const info = await client.info().catch(() => '');
    const id = infoField(info, 'run_id');
    const isYoung = Number(infoField(info, 'uptime_in_seconds') ?? 0) < YOUNG_SECONDS;
    const hasChanged = id === undefined || (runId === undefined ? isYoung : id !== runId);
    await client.set(layout.key, layout.value, { condition: 'NX' });
    const found = await client.get(layout.key);
    if (found !== layout.value) {
      throw new Error(`it is part ${found} of a ledger, and configured here as part ${layout.value}`);
    }
    for (const script of hashes.keys()) await client.scriptLoad(script);
    await options.recall((...call) => evaluate(client, ...call));
    if (hasChanged) {
      if (runId !== undefined) tellThatItHasChanged();
      await wait(options.settleMs, stop.signal);
    }
    runId = id;
    warnOf(info);
  };

  /** One connection from its beginning to its end. Resolves with why it ended. */
  const live = async (): Promise<unknown> => {
    const client = await openClient(url, timeoutMs);
    let lost: (reason: unknown) => void = () => {};
    const ended = new Promise<unknown>((resolve) => {
      lost = resolve;
    });
    client.on('error', lost);
    stop.signal.addEventListener('abort', lost);
    if (stop.signal.aborted) lost(undefined);
    try {
      const ready = within(client.connect(), 2 * timeoutMs).then(() =>
        within(greet(client), options.settleMs + 4 * timeoutMs),
      );
      const broken = await Promise.race([ready, ended.then((reason) => ({ reason }))]);
      if (broken) return broken.reason;
      current = { client, lost };
      ups++;
      tellThatItIsBack();
      options.onChange(true);
      return await ended;
    } catch (error) {
      return error;
    } finally {
      stop.signal.removeEventListener('abort', lost);
      current = undefined;
      // Rejects what is under way. Throws when the client has closed by itself.
      if (client.isOpen) client.destroy();
    }
  };

  const keep = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const before = ups;
      const reason = await live();
      if (stop.signal.aborted) break;
      options.onChange(false);
      // Why it cannot be reached says more than how a connection ended, and one that is back at once is not worth a line.
      if (ups === before) tellThatItIsAway(reason);
      await wait(RETRY_MS * (0.25 + 0.75 * random()), stop.signal);
    }
  };
  const kept = keep();

  return {
    isUp: () => current !== undefined,
    async run(...call) {
      const link = current;
      if (!link) throw new RedisDownError(`no connection to Redis at ${where}`);
      try {
        return await within(evaluate(link.client, ...call), timeoutMs);
      } catch (error) {
        link.lost(error);
        throw new RedisDownError(`no answer of Redis at ${where}`, { cause: error });
      }
    },
    async close() {
      stop.abort();
      await kept;
    },
  };
}
