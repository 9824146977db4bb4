import type { Clock } from './clock';
import type { Store } from './store';

interface HealthReport {
  readonly status: 'ok' | 'unavailable';
  readonly version: string;
  /** Seconds since the gateway was made. */
  readonly uptime: number;
  readonly checks: Readonly<Record<string, { readonly status: 'ok' | 'failed'; readonly detail?: string }>>;
}

export interface HealthOptions {
  readonly store: Pick<Store, 'probe'>;
  /** How many of the Redis that gateways share answer, of how many; `undefined` where this gateway counts alone. */
  readonly redis?: () => { readonly up: number; readonly all: number } | undefined;
  readonly clock: Clock;
  readonly version: string;
}

export interface Health {
  report(): Promise<HealthReport>;
  /** Tells of a commit that failed. For some seconds the small write of the probe is not believed against it. */
  commitFailed(): void;
  shuttingDown(): void;
}

const PROBE_KEPT_MS = 1_000;
const PROBE_TIMEOUT_MS = 2_000;
const FAILURE_KEPT_MS = 5_000;

/** Watches over the store, and over the Redis that gateways share: a probe reads and writes it, at most once a second however often it is asked for. */
export function createHealth({ store, redis, clock, version }: HealthOptions): Health {
  const started = clock.elapsed();
  let failedAt = Number.NEGATIVE_INFINITY;
  let probedAt = Number.NEGATIVE_INFINITY;
  let probe: Promise<string | undefined> = Promise.resolve(undefined);
  let closing = false;

  const freshProbe = async (): Promise<string | undefined> => {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`no answer within ${PROBE_TIMEOUT_MS} ms`), PROBE_TIMEOUT_MS);
    });
    const answer = store.probe().then(
      () => undefined,
      () => 'cannot be read and written',
    );
    return Promise.race([answer, timeout]).finally(() => clearTimeout(timer));
  };
  const storeProblem = (): Promise<string | undefined> => {
    if (clock.elapsed() - failedAt < FAILURE_KEPT_MS) return Promise.resolve('the last commit failed');
    if (clock.elapsed() - probedAt >= PROBE_KEPT_MS) {
      probedAt = clock.elapsed();
      probe = freshProbe();
    }
    return probe;
  };

  /** With some of several away, most batches are taken: the others are asked for again, and no gateway would be better. */
  const redisCheck = (): HealthReport['checks'] => {
    const parts = redis?.();
    if (parts === undefined) return {};
    const { up, all } = parts;
    const detail = `${all - up} of ${all} away, batches with a producer are answered 503`;
    if (up === all) return { redis: { status: 'ok' } };
    return { redis: up === 0 ? { status: 'failed', detail } : { status: 'ok', detail } };
  };

  return {
    async report() {
      const problem = closing ? undefined : await storeProblem();
      const shared = redisCheck();
      const isAway = shared['redis']?.status === 'failed';
      return {
        status: closing || problem || isAway ? 'unavailable' : 'ok',
        version,
        uptime: (clock.elapsed() - started) / 1_000,
        checks: {
          store: problem ? { status: 'failed', detail: problem } : { status: 'ok' },
          ...shared,
          server: closing ? { status: 'failed', detail: 'shutting down' } : { status: 'ok' },
        },
      };
    },
    commitFailed() {
      failedAt = clock.elapsed();
    },
    shuttingDown() {
      closing = true;
    },
  };
}
