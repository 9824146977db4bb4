import { utf8Length } from '@artel/telemetry-protocol';
import { retryAfter } from './backoff';
import type { Clock } from './clock';
import type { Entry } from './entry';
import type { Environment } from './environment';

/** What became of one attempt to send an entry. */
export type Outcome =
  | { readonly kind: 'acknowledged'; readonly rejected: number }
  /** Try again, not before `after` ms. */
  | { readonly kind: 'retry'; readonly reason: string; readonly after: number }
  /** The gateway will never take it; `divisible` when a part of it may be all that is wrong. */
  | { readonly kind: 'refused'; readonly reason: string; readonly divisible: boolean };

export interface Transport {
  /** Posts one entry from a living page. Never rejects. */
  post(entry: Entry): Promise<Outcome>;
  /**
   * Hands entries to the browser from a dying page, as many as fit; answers whether any is on its way. Nothing
   * confirms them.
   */
  beacon(entries: readonly Entry[]): boolean;
  abort(): void;
  /** Asks for a new token before the next batch: another user has signed in. */
  forgetToken(): void;
}

interface TransportDeps {
  readonly endpoint: string;
  readonly key: string | undefined;
  readonly token: (() => Promise<string | undefined>) | undefined;
  readonly environment: Environment;
  readonly clock: Clock;
}

/** Ms until an attempt is given up: a server that hangs must not hold the queue. */
const TIMEOUT = 15_000;

/** Below this gzip saves less than a packet. */
const GZIP_FROM = 1_024;

/**
 * Chromium lets all beacons and keepalive requests of a page together hold 64 KiB
 * (https://fetch.spec.whatwg.org/#http-network-or-cache-fetch); the rest is left to the app's own.
 */
const BEACON_BUDGET = 49_152;

/** Ms for which a beacon is taken to be under way, since nothing tells. */
const BEACON_FLIGHT = 5_000;

/** Statuses after which the same request may succeed: timeout, too early, too many, the server's own trouble. */
const isRetryable = (status: number) => status === 408 || status === 425 || status === 429 || status >= 500;

export function createTransport({
  endpoint,
  key,
  token: askToken,
  environment,
  clock,
}: TransportDeps): Transport {
  let token: string | undefined;
  const aborts = new Set<AbortController>();
  const beacons = new Map<Entry, { readonly at: number; readonly bytes: number }>();

  const payload = ({ body }: Entry): string => {
    const head = JSON.stringify({ sentAt: clock.now(), key, token });
    return `${head.slice(0, -1)},${body.slice(1)}`;
  };

  /** How much of an answer's `rejected` was events: a merged point that is refused was as many as it counted. */
  const countRejected = async (response: Response, entry: Entry): Promise<number> => {
    try {
      const { rejected } = (await response.json()) as { rejected?: { index: number; list?: string }[] };
      if (!Array.isArray(rejected) || rejected.length === 0) return 0;
      const { metrics } = JSON.parse(entry.body) as { metrics: { value?: number; values?: number[] }[] };
      const events = rejected.reduce((sum, { index, list }) => {
        const point = list ? undefined : metrics[index];
        return sum + (point?.values?.length ?? point?.value ?? 0);
      }, 0);
      return Math.min(entry.events, events);
    } catch {
      return 0;
    }
  };

  const refreshToken = async () => {
    token = await askToken?.().catch(() => undefined);
  };

  const request = async (entry: Entry, signal: AbortSignal): Promise<Response> => {
    const { fetch } = environment;
    if (!fetch) throw new TypeError('this browser has no fetch');
    const text = payload(entry);
    const zipped =
      text.length < GZIP_FROM ? undefined : await environment.gzip?.(text).catch(() => undefined);
    return fetch(endpoint, {
      method: 'POST',
      body: zipped ?? text,
      // With this type and no other header the request is CORS-simple: no preflight.
      headers: { 'content-type': 'text/plain;charset=UTF-8' },
      credentials: 'omit',
      signal,
    });
  };

  return {
    async post(entry) {
      const controller = new AbortController();
      const timer = environment.setTimer(() => controller.abort(), TIMEOUT);
      aborts.add(controller);
      try {
        if (token === undefined) await refreshToken();
        let response = await request(entry, controller.signal);
        if (response.status === 401 && askToken) {
          await refreshToken();
          response = await request(entry, controller.signal);
        }
        clock.setBy(response.headers.get('date'));
        const { status } = response;
        if (response.ok) return { kind: 'acknowledged', rejected: await countRejected(response, entry) };
        const reason = `the gateway answered ${status}`;
        // A token that is not taken is no fault of the batch.
        if (status >= 400 && !isRetryable(status) && !(status === 401 && askToken)) {
          return { kind: 'refused', reason, divisible: status === 400 || status === 413 };
        }
        return { kind: 'retry', reason, after: retryAfter(response.headers.get('retry-after'), clock.now()) };
      } catch (error) {
        return { kind: 'retry', reason: error instanceof Error ? error.message : 'network error', after: 0 };
      } finally {
        environment.clearTimer(timer);
        aborts.delete(controller);
      }
    },
    forgetToken() {
      token = undefined;
    },
    beacon(entries) {
      const now = environment.monotonic();
      for (const [entry, { at }] of beacons) if (now - at > BEACON_FLIGHT) beacons.delete(entry);
      let left = BEACON_BUDGET;
      for (const { bytes } of beacons.values()) left -= bytes;
      for (const entry of entries) {
        // Several events tell of one hiding; one beacon is enough.
        if (beacons.has(entry)) continue;
        const text = payload(entry);
        const bytes = utf8Length(text);
        if (bytes > left) continue;
        try {
          if (!environment.sendBeacon?.(endpoint, text)) break;
        } catch {
          // WebKit has thrown here (https://bugs.webkit.org/show_bug.cgi?id=188329); the outbox still has them all.
          break;
        }
        left -= bytes;
        beacons.set(entry, { at: now, bytes });
      }
      return beacons.size > 0;
    },
    abort() {
      for (const controller of aborts) controller.abort();
    },
  };
}
