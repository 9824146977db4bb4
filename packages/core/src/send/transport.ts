import type { BatchAnswer } from '@artel/telemetry-protocol';
import type { Entry } from '../keep/entry';
import { attempt, type Environment, sleep } from '../page/environment';
import type { User } from '../user';
import { retryAfter } from './backoff';
import type { Payload } from './beacon';
import type { TokenSource } from './token';

/** The outcome of one attempt to send an entry. */
export type Outcome =
  | { readonly kind: 'acknowledged'; readonly rejected: number }
  /** Try again, not before `after` ms. */
  | { readonly kind: 'retry'; readonly reason: string; readonly after: number }
  /** The gateway will never accept it. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Sends from a living page. */
export interface Transport {
  /** Posts one entry. Never rejects, and settles in bounded time. */
  post(entry: Entry): Promise<Outcome>;
  abort(): void;
}

/** Ms until an attempt is given up: a server that hangs must not block the queue. */
const TIMEOUT = 15_000;

/** Bytes below which gzip saves less than a packet. */
const GZIP_FROM = 1_024;

const gzip = (text: string) =>
  new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();

/** Events in the items that the gateway refused. */
function countRejected({ rejected }: BatchAnswer, { counts = [], events }: Entry): number {
  let sum = 0;
  for (const { index, list } of rejected) {
    const count = counts[list === 'spans' ? 2 : list === 'logs' ? 1 : 0]?.[index];
    if (Number.isInteger(count)) sum += Number(count);
  }
  return Math.min(events, sum);
}

interface TransportDeps {
  readonly environment: Environment;
  readonly fetch: Environment['fetch'];
  readonly endpoint: string;
  readonly payload: Payload;
  readonly user: User;
  readonly tokens: TokenSource;
}

export function createTransport(deps: TransportDeps): Transport {
  const { environment, endpoint, payload, user, tokens } = deps;
  let controller: AbortController | undefined;
  const abort = () => controller?.abort();

  const request = async (entry: Entry, signal: AbortSignal) => {
    const text = payload(entry);
    const compressible = text.length >= GZIP_FROM && environment.CompressionStream;
    return deps.fetch.call(environment, endpoint, {
      method: 'POST',
      body: compressible ? await gzip(text).catch(() => text) : text,
      // With this type and no other header the request is CORS-simple: no preflight.
      headers: { 'content-type': 'text/plain;charset=UTF-8' },
      credentials: 'omit',
      signal,
    });
  };

  const exchange = async (entry: Entry, signal: AbortSignal): Promise<Outcome> => {
    let response = await request(entry, signal);
    if (response.status === 401 && tokens.exists()) {
      user.token = undefined;
      await tokens.refresh();
      response = await request(entry, signal);
    }
    const { status } = response;
    const text = await response.text();
    const answer = attempt(() => JSON.parse(text)) ?? {};
    if (response.ok) {
      // Only the gateway's own answer means that the events are counted: login pages and captive portals answer 200, too.
      if (Number.isInteger(answer.accepted) && Array.isArray(answer.rejected)) {
        return { kind: 'acknowledged', rejected: countRejected(answer, entry) };
      }
      const type = response.headers.get('content-type');
      return { kind: 'retry', reason: `the answer is not the gateway's: ${status} ${type}`, after: 0 };
    }
    const reason = `the gateway answered ${status} ${answer.detail ?? ''}`;
    // The same request may succeed later: timeout, too early, too many requests, a fault of the server. And a refused token
    // is not the batch's fault.
    if (status < 400 || status > 499 || [408, 425, 429, tokens.exists() && 401].includes(status)) {
      return { kind: 'retry', reason, after: retryAfter(response) };
    }
    return { kind: 'refused', reason };
  };

  return {
    async post(entry) {
      controller = new AbortController();
      const { signal } = controller;
      try {
        // A `fetch` that a page has replaced need not obey the signal.
        const outcome = await Promise.race([exchange(entry, signal), sleep(environment, TIMEOUT)]);
        if (outcome) return outcome;
        abort();
        return { kind: 'retry', reason: `no answer within ${TIMEOUT} ms`, after: 0 };
      } catch (error) {
        return { kind: 'retry', reason: String(error), after: 0 };
      }
    },
    abort,
  };
}
