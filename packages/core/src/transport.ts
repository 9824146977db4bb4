import type { MetricPoint, Rejection } from '@artel/telemetry-protocol';
import { utf8Length } from '@artel/telemetry-protocol';
import { retryAfter } from './backoff';
import type { Clock } from './clock';
import type { Entry } from './entry';
import { attempt, type Environment } from './environment';
import type { Settings } from './readOptions';

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

const gzip = (text: string) =>
  new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();

/** How much of an answer's `rejected` was events: a merged point that is refused was as many as it counted. */
async function countRejected(response: Response, { body, events }: Entry): Promise<number> {
  try {
    const { rejected } = (await response.json()) as { rejected: readonly Rejection[] };
    const { metrics } = JSON.parse(body) as { metrics: readonly MetricPoint[] };
    let count = 0;
    for (const { index, list } of rejected) {
      const point = list ? undefined : metrics[index];
      count += point?.values?.length ?? point?.value ?? 0;
    }
    return Math.min(events, count);
  } catch {
    return 0;
  }
}

export function createTransport(
  environment: Environment,
  fetch: Environment['fetch'],
  { endpoint, key, token: askToken }: Settings,
  clock: Clock,
): Transport {
  let token: string | undefined;
  let controller: AbortController | undefined;
  const beacons = new Map<Entry, { readonly at: number; readonly bytes: number }>();

  const abort = () => controller?.abort();

  const payload = ({ body }: Entry) =>
    `${JSON.stringify({ sentAt: clock.now(), key, token }).slice(0, -1)},${body.slice(1)}`;

  const refreshToken = async () => {
    token = await askToken?.().catch(() => undefined);
  };

  const request = async (entry: Entry, signal: AbortSignal) => {
    const text = payload(entry);
    return fetch.call(environment, endpoint, {
      method: 'POST',
      body:
        environment.CompressionStream && text.length >= GZIP_FROM ? await gzip(text).catch(() => text) : text,
      // With this type and no other header the request is CORS-simple: no preflight.
      headers: { 'content-type': 'text/plain;charset=UTF-8' },
      credentials: 'omit',
      signal,
    });
  };

  return {
    async post(entry) {
      controller = new AbortController();
      const { signal } = controller;
      const timer = environment.setTimeout(abort, TIMEOUT);
      try {
        if (!token) await refreshToken();
        let response = await request(entry, signal);
        if (response.status === 401 && askToken) {
          await refreshToken();
          response = await request(entry, signal);
        }
        const { ok, status, headers } = response;
        clock.setBy(headers.get('date'));
        if (ok) return { kind: 'acknowledged', rejected: await countRejected(response, entry) };
        const reason = `the gateway answered ${status}`;
        // The same request may succeed later: timeout, too early, too many, the server's own trouble. And a token that
        // is not taken is no fault of the batch.
        if (status < 400 || status > 499 || [408, 425, 429, askToken && 401].includes(status)) {
          return { kind: 'retry', reason, after: retryAfter(headers.get('retry-after'), clock.now()) };
        }
        return { kind: 'refused', reason, divisible: status === 400 || status === 413 };
      } catch (error) {
        return { kind: 'retry', reason: String(error), after: 0 };
      } finally {
        environment.clearTimeout(timer);
      }
    },
    forgetToken() {
      token = undefined;
    },
    beacon(entries) {
      const now = environment.performance.now();
      let left = BEACON_BUDGET;
      for (const [entry, { at, bytes }] of beacons) {
        if (now - at > BEACON_FLIGHT) beacons.delete(entry);
        else left -= bytes;
      }
      for (const entry of entries) {
        // Several events tell of one hiding; one beacon is enough.
        if (beacons.has(entry)) continue;
        const text = payload(entry);
        const bytes = utf8Length(text);
        if (bytes > left) continue;
        // WebKit has thrown here (https://bugs.webkit.org/show_bug.cgi?id=188329); the outbox still has them all.
        if (!attempt(() => environment.navigator.sendBeacon(endpoint, text))) break;
        left -= bytes;
        beacons.set(entry, { at: now, bytes });
      }
      return beacons.size > 0;
    },
    abort,
  };
}
