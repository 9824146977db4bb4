import type { MetricPoint, Rejection } from '@artel/telemetry-protocol';
import { utf8Length } from '@artel/telemetry-protocol';
import { retryAfter } from './backoff';
import type { Clock } from './clock';
import type { Entry } from './entry';
import { attempt, type Environment, sleep } from './environment';
import type { Settings } from './readOptions';
import type { AskToken, SessionToken } from './telemetry';

/** What became of one attempt to send an entry. */
type Outcome =
  | { readonly kind: 'acknowledged'; readonly rejected: number }
  /** Try again, not before `after` ms. */
  | { readonly kind: 'retry'; readonly reason: string; readonly after: number }
  /** The gateway will never take it; `divisible` when a part of it may be all that is wrong. */
  | { readonly kind: 'refused'; readonly reason: string; readonly divisible: boolean };

export interface Transport {
  /** Asks for a token where there is none, or it is about to expire. Never rejects. */
  signIn(): Promise<void>;
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

/** Ms before its end at which a token is too old: the way to the gateway takes time, and clocks differ. */
const EXPIRY_MARGIN = 60_000;

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
  { endpoint, key }: Settings,
  clock: Clock,
  askToken: () => AskToken | undefined,
  /** Told whose the token is. */
  onSubject: (subject: string) => void,
  /** Whether the token is that of the user who made the entry. */
  mayBear: (entry: Entry) => boolean,
): Transport {
  let token: string | undefined;
  let freshUntil = 0;
  let asking: Promise<void> | undefined;
  let controller: AbortController | undefined;
  const beacons = new Map<Entry, { readonly at: number; readonly bytes: number }>();

  const abort = () => controller?.abort();

  const payload = (entry: Entry) => {
    const head = { sentAt: clock.now(), key, token: mayBear(entry) ? token : undefined };
    return `${JSON.stringify(head).slice(0, -1)},${entry.body.slice(1)}`;
  };

  const ask = async (askNow: AskToken) => {
    const answer = await Promise.race([askNow(), sleep(environment, TIMEOUT)]).catch(() => undefined);
    asking = undefined;
    // A token that could not be renewed is good until the gateway says no.
    if (!answer) return;
    const given: SessionToken = typeof answer === 'string' ? { token: answer } : answer;
    token = given.token;
    freshUntil = (given.expiresAt ?? Number.POSITIVE_INFINITY) - EXPIRY_MARGIN;
    if (given.subject) onSubject(given.subject);
  };

  const signIn = async () => {
    const askNow = askToken();
    if (!askNow || (token && clock.now() < freshUntil)) return;
    asking ??= ask(askNow);
    await asking;
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
    signIn,
    async post(entry) {
      controller = new AbortController();
      const { signal } = controller;
      const timer = environment.setTimeout(abort, TIMEOUT);
      try {
        let response = await request(entry, signal);
        if (response.status === 401 && askToken()) {
          token = undefined;
          await signIn();
          response = await request(entry, signal);
        }
        const { ok, status, headers } = response;
        clock.setBy(headers.get('date'));
        if (ok) return { kind: 'acknowledged', rejected: await countRejected(response, entry) };
        const reason = `the gateway answered ${status}`;
        // The same request may succeed later: timeout, too early, too many, the server's own trouble. And a token that
        // is not taken is no fault of the batch.
        if (status < 400 || status > 499 || [408, 425, 429, askToken() && 401].includes(status)) {
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
