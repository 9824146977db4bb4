import { context, createContextKey } from '@opentelemetry/api';
import type { CheckResult, Finding, HealthCheck } from './healthCheck';

export interface CheckWatchOptions {
  /** For how long a result is answered again, in ms. */
  readonly cacheMs: number;
  /** ms since any fixed moment, never back. */
  readonly elapsed: () => number;
  /** Told of each new result, and of the error behind it, which the result does not show. */
  readonly onResult: (result: CheckResult, error?: unknown) => void;
}

export interface CheckWatch {
  readonly check: HealthCheck;
  result(): Promise<CheckResult>;
}

const DEFAULT_TIMEOUT_MS = 5_000;

// Probes come every few seconds for ever: their queries and pings are no traces. The key is that of the SDK's
// `suppressTracing`, which is in no package that an app without tracing has.
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** A check that ran into its timeout. */
class CheckTimeout extends Error {
  override readonly name = 'CheckTimeout';
}

/**
 * Looks by one check, as seldom as the cache allows, and once at a time: while a check hangs, nobody starts it again, and
 * everybody is told that it hangs.
 */
export function watchCheck(
  check: HealthCheck,
  { cacheMs, elapsed, onResult }: CheckWatchOptions,
): CheckWatch {
  const { name, timeoutMs = DEFAULT_TIMEOUT_MS, critical = true } = check;
  let latest: { readonly at: number; readonly result: Promise<CheckResult> } | undefined;
  /** The check's own work, which may outlast its timeout. */
  let working = false;

  const work = async (signal: AbortSignal): Promise<Finding | undefined> => {
    working = true;
    try {
      return await context.with(context.active().setValue(SUPPRESS_TRACING, true), () => check.run(signal));
    } finally {
      working = false;
    }
  };

  const look = async (): Promise<CheckResult> => {
    const started = elapsed();
    const timestamp = new Date().toISOString();
    const tell = ({ status, reason, details }: Finding, error?: unknown): CheckResult => {
      const result: CheckResult = {
        name,
        status,
        critical,
        durationMs: Math.round((elapsed() - started) * 100) / 100,
        timestamp,
        ...(reason !== undefined && { reason }),
        ...(details && { details }),
      };
      onResult(result, error);
      return result;
    };
    const hangs = `no answer within ${timeoutMs} ms`;
    if (working) return tell({ status: 'unhealthy', reason: `${hangs}, and none since` });

    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new CheckTimeout(hangs));
        controller.abort();
      }, timeoutMs);
    });
    try {
      return tell((await Promise.race([work(controller.signal), timeout])) ?? { status: 'healthy' });
    } catch (error) {
      // The error's text may hold addresses and names: it is for the log alone.
      const reason = error instanceof CheckTimeout ? hangs : 'failed';
      return tell({ status: 'unhealthy', reason }, error);
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    check,
    result() {
      const now = elapsed();
      if (latest && now - latest.at < cacheMs) return latest.result;
      const result = look();
      const entry = { at: now, result };
      latest = entry;
      // The time counts from the end, or a slow check would be started again as soon as it is done.
      void result.then(() => {
        if (latest === entry) latest = { at: elapsed(), result };
      });
      return result;
    },
  };
}
