import type { SecurityRecord } from './securityEvent';
import type { SecurityStore } from './store/securityStore';

/** What is written to: pino's `Logger` is one. */
export interface SecurityLogger {
  /** Writes a line: Redis is back. */
  info(fields: object, message: string): void;
  /** Writes a line: an event, a block, Redis that is away. */
  warn(fields: object, message: string): void;
  /** Writes a line: the store or `onCritical` has failed. */
  error(fields: object, message: string): void;
}

/** What is counted with: `createAppMetrics` has both. */
export interface SecurityMetrics {
  /** `auth_failures_total{reason,service}`, which the seed's alert reads. */
  readonly authFailuresTotal: {
    /** Counts a failed sign-in. */
    inc(labels: { reason: string; service: string }): void;
    /** Shows a reason before its first failure, so that Prometheus sees that as a rise. */
    zero?(labels: { reason: string; service: string }): void;
  };
  /** `security_events_total{event_type,severity,service}`. */
  readonly securityEventsTotal: {
    /** Counts an event. */
    inc(labels: { event_type: string; severity: string; service: string }): void;
    /** Shows a kind of event before its first, likewise. */
    zero?(labels: { event_type: string; severity: string; service: string }): void;
  };
}

/** When failed sign-ins are brute force. */
export interface BruteForceOptions {
  /** How many within the window are too many: 5. */
  readonly attempts?: number;
  /** The same of one account, over all addresses: as `attempts`. */
  readonly accountAttempts?: number;
  /** How long the window is that slides, in ms: 15 minutes. */
  readonly windowMs?: number;
}

/** For how long an address is blocked that has been brute force. */
export interface BlockingOptions {
  /** The first time, in ms: 15 minutes. */
  readonly firstMs?: number;
  /** How many times as long each time after that: 4. */
  readonly factor?: number;
  /** At the most, in ms: a day. */
  readonly maxMs?: number;
  /** After how long of quiet the next counts as the first again, in ms: a week. */
  readonly forgetMs?: number;
}

/** What {@link createSecurityMonitor} is told. */
export interface SecurityMonitorOptions {
  /** The label `service` of all metrics and lines. */
  readonly service: string;
  /** What addresses, users and sessions are hashed under: at least 32 bytes, the same in all processes of a service. */
  readonly secret: string | Uint8Array;
  readonly logger: SecurityLogger;
  readonly metrics?: SecurityMetrics;
  /** What is remembered, and where: in this process (`createMemoryStore`), unless it is `createRedisStore`'s. */
  readonly store?: SecurityStore;
  readonly bruteForce?: BruteForceOptions;
  /** Why sign-ins fail in this app, each to be shown with 0 until it does: of any other the first one is no rise. */
  readonly failureReasons?: readonly string[];
  /**
   * Blocks an address that has been brute force. Off unless told (`true` for the usual times): mobile networks put thousands
   * behind one address, and who has mistyped a password five times is to be counted, and not to lock out a town.
   */
  readonly blocking?: boolean | BlockingOptions;
  /** Addresses and networks (`10.0.0.0/8`) that are never blocked and not counted by address: health probes, the office. */
  readonly allow?: readonly string[];
  /** For how long a session's first address and browser are remembered, in ms: a day. */
  readonly sessionMs?: number;
  /** How many lines a minute are written about one kind of event from one address: 30. All are counted. */
  readonly linesPerMinute?: number;
  /** Told of critical events, such as to give them to Sentry. What it throws or rejects with is logged. */
  readonly onCritical?: (record: SecurityRecord) => unknown;
  /** Where the time comes from; the system, unless told. */
  readonly environment?: {
    /** Unix time in ms. */
    now(): number;
  };
}

export interface BruteForceLimits {
  readonly address: number;
  readonly account: number;
  readonly windowMs: number;
}

function positive(field: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new RangeError(`${field}: expected a whole number above 0, got ${value}`);
}

export function readBruteForce(options: BruteForceOptions = {}): BruteForceLimits {
  const address = positive('bruteForce.attempts', options.attempts ?? 5);
  return {
    address,
    account: positive('bruteForce.accountAttempts', options.accountAttempts ?? address),
    windowMs: positive('bruteForce.windowMs', options.windowMs ?? 15 * 60_000),
  };
}

export function readBlocking(
  options: boolean | BlockingOptions = false,
): Required<BlockingOptions> | undefined {
  if (options === false) return undefined;
  const {
    firstMs = 15 * 60_000,
    factor = 4,
    maxMs = 86_400_000,
    forgetMs = 7 * 86_400_000,
  } = options === true ? {} : options;
  if (!(factor >= 1)) throw new RangeError(`blocking.factor: expected a number from 1 on, got ${factor}`);
  return {
    firstMs: positive('blocking.firstMs', firstMs),
    factor,
    maxMs: positive('blocking.maxMs', maxMs),
    forgetMs: positive('blocking.forgetMs', forgetMs),
  };
}

export function readLines(linesPerMinute = 30): number {
  if (linesPerMinute >= 1) return linesPerMinute;
  throw new RangeError(`linesPerMinute: expected a number from 1 on, got ${linesPerMinute}`);
}

export function readSessionMs(sessionMs = 86_400_000): number {
  return positive('sessionMs', sessionMs);
}
