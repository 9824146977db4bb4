import type { Catalogue } from '@artel/telemetry-protocol';
import type { Clock } from '../clock';
import type { Committer } from '../commit';
import type { GatewayConfig } from '../config';
import type { ExposedFamily } from '../exposition';
import type { LimiterFactory } from '../limits/limiter';
import { systemWait } from '../outputs/wait';
import type { Store } from '../store';
import type { LinkLogger } from './redisLink';
import type { RedisSettings } from './redisSettings';
import { createSharedCounting } from './sharedCounting';
import { createSharedLedger } from './sharedLedger';
import { createSharedLimiters, takeScript } from './sharedLimiters';

/** What a gateway has together with others. */
export interface Sharing extends Pick<Committer, 'submit'> {
  readonly limiters: LimiterFactory;
  /** How many of the Redis answer now, of how many. */
  parts(): { readonly up: number; readonly all: number };
  /** Resolves when all of them do, or after a while. */
  start(): Promise<void>;
  families(): ExposedFamily[];
  /** Settles what is under way, if Redis is there, and leaves the rest on the disk. To be called before the store closes. */
  close(): Promise<void>;
}

export interface SharingOptions {
  readonly settings: RedisSettings;
  /** Whether the gateways were given one secret; otherwise each has made its own. */
  readonly hasSecret: boolean;
  readonly committer: Committer;
  readonly store: Pick<Store, 'readHeld'>;
  readonly catalogueOf: (tenant: string) => Catalogue;
  readonly ledgerDays: () => number;
  readonly clock: Clock;
  readonly logger: LinkLogger;
}

/**
 * How long a gateway waits for Redis before it listens, in ms: a first request shall not be refused without need. A Redis that
 * has just started is left alone for a while, and this is longer.
 */
const startAfter = (timeoutMs: number): number => 3 * timeoutMs + 2_000;

/** Connects to the Redis of `settings`, and goes on with what an earlier process has held. */
export function createSharing(options: SharingOptions): Sharing {
  const { settings, hasSecret, committer, store, catalogueOf, ledgerDays, clock, logger } = options;
  const { urls, prefix, timeoutMs } = settings;
  if (!hasSecret) {
    const effect =
      'sessions of one gateway are refused by the others, and users have another pseudonym in each';
    logger.warn(
      {},
      `secret: is not set, and gateways that share a Redis need the same; until then ${effect}`,
    );
  }
  const scripts = [takeScript];
  const ledger = createSharedLedger({ urls, prefix, timeoutMs, ledgerDays, scripts, logger, clock });
  const counting = createSharedCounting({ committer, ledger, store, catalogueOf, wait: systemWait });
  const limits = createSharedLimiters(ledger, prefix);
  return {
    submit: counting.submit,
    limiters: limits.limiters,
    parts: ledger.parts,
    start: () => ledger.whenUp(startAfter(timeoutMs)),
    families: () => [...ledger.families(), ...counting.families(), ...limits.families()],
    close: () => counting.close(2 * timeoutMs),
  };
}

/**
 * Key of the hashes under which all gateways of a Redis count addresses and producers; `undefined` where this one counts
 * alone. Without a secret of theirs it is one that everybody knows: what it hides is in Redis for ten seconds.
 */
export function limitsSecretOf({
  redis,
  secret,
}: Pick<GatewayConfig, 'redis' | 'secret'>): string | undefined {
  return redis && (secret ?? redis.prefix);
}

/** Tells of batches that wait for a Redis which is no longer configured: counted here, they might count twice. */
export function warnOfHeld(store: Pick<Store, 'readHeld'>, logger: LinkLogger): void {
  const held = store.readHeld().size;
  if (held === 0) return;
  logger.warn({ held }, 'REDIS_URL: is not set, and batches are held until Redis tells who counts them');
}
