import type { Batch } from '@artel/telemetry-protocol';
import { checkBatch } from '@artel/telemetry-protocol/check';
import { toJson } from '../keep/entry';
import { attempt } from '../page/environment';

/** What the network does to one request. */
export type Fault =
  | 'ok'
  /** The answer is lost after the server counted. */
  | 'lost answer'
  | 'unreachable'
  | 'hangs'
  /** Somebody else answers, such as a login page, with 200. */
  | 'foreign'
  | { readonly status: number; readonly retryAfter?: string; readonly detail?: string }
  /** Somebody else answers with this. */
  | (() => Response);

/** Beyond this between `sentAt` and the arrival, the sender's clock is wrong; and how far ahead an event may be. In ms. */
const SKEW = 60_000;
const FUTURE = 86_400_000;

/** A time that every gateway refuses. */
const REFUSED = -1;

/**
 * Corrects the times of a body as a gateway does: all are shifted by the error of the sender's clock. What is still ahead
 * then counts as of now, or is refused if it is more than a day ahead.
 */
function setTimes({ sentAt, metrics, logs, spans, ...rest }: Batch, received: number) {
  const difference = received - (sentAt ?? received);
  const skew = Math.abs(difference) > SKEW ? difference : 0;
  const right = (given = received - skew) => {
    const time = given + skew;
    return time > received + FUTURE ? REFUSED : time > received + SKEW ? received : time;
  };
  const dated = <T extends { readonly timestamp?: number }>(item: T) => ({
    ...item,
    timestamp: right(item.timestamp),
  });
  return {
    ...rest,
    sentAt,
    metrics: metrics.map(dated),
    logs: logs?.map(dated),
    spans: spans?.map((span) => ({ ...span, start: right(span.start) })),
  };
}

/** A gateway with a ledger, and a network that fails as a test configures it. */
export interface FakeGateway {
  /** The fault of the next request; `ok` when left out of the list. */
  readonly faults: Fault[];
  /** The fault of every request while it is set. */
  outage: Fault | undefined;
  /** What was counted, with the times set right. */
  readonly batches: Batch[];
  /** Players' initData, and who they are to the gateway; any other launch is refused. */
  readonly players: Map<string, string>;
  /** Exchanges asked for, and how the next ones fail. */
  signIns: number;
  readonly signInFaults: Exclude<Fault, 'lost answer' | 'foreign' | (() => Response)>[];
  duplicates: number;
  requests: number;
  /** Sum of a counter, or number of observations, over all batches that were counted. */
  total(name: string, labels?: Readonly<Record<string, string>>): number;
  post(body: string, now: number): Promise<Response>;
  /** `POST /api/session`: a token for an hour. */
  signIn(body: string, now: number): Promise<Response>;
}

export function createFakeGateway(): FakeGateway {
  const seen = new Set<string>();
  // The page under test may have changed `toJSON`; a server's JSON must not depend on it.
  const answer = (status: number, now: number, body: unknown, headers: Record<string, string> = {}) =>
    new Response(toJson(body), {
      status,
      headers: { date: new Date(now).toUTCString(), ...headers },
    });

  const gateway: FakeGateway = {
    faults: [],
    outage: undefined,
    batches: [],
    players: new Map(),
    signIns: 0,
    signInFaults: [],
    duplicates: 0,
    requests: 0,
    total: (name, labels = {}) =>
      gateway.batches
        .flatMap((batch) => batch.metrics)
        .filter((point) => point.name === name)
        .filter((point) => Object.entries(labels).every(([label, value]) => point.labels?.[label] === value))
        .reduce((sum, point) => sum + (point.values?.length ?? point.value ?? 1), 0),
    async post(body, now) {
      gateway.requests += 1;
      const fault = gateway.outage ?? gateway.faults.shift() ?? 'ok';
      if (fault === 'hangs') return new Promise(() => undefined);
      if (fault === 'unreachable') throw new TypeError('Failed to fetch');
      if (typeof fault === 'object') {
        const { status, retryAfter, detail } = fault;
        return answer(status, now, { status, detail }, retryAfter ? { 'retry-after': retryAfter } : {});
      }
      if (typeof fault === 'function') return fault();
      if (fault === 'foreign') {
        return new Response('<h1>Sign in</h1>', { headers: { 'content-type': 'text/html' } });
      }
      const result = checkBatch(attempt(() => setTimes(JSON.parse(body), now)));
      if (!result.ok) return answer(result.status, now, { detail: result.problems[0]?.message });
      const { batch, rejected } = result;
      const id = `${batch.producer}.${batch.seq}`;
      // Only what has an identity can be recognised.
      const duplicate = batch.producer !== undefined && seen.has(id);
      seen.add(id);
      if (duplicate) gateway.duplicates += 1;
      else gateway.batches.push(batch);
      if (fault === 'lost answer') throw new TypeError('Failed to fetch');
      return answer(202, now, { accepted: duplicate ? 0 : batch.metrics.length, rejected, duplicate });
    },
    async signIn(body, now) {
      gateway.signIns += 1;
      const fault = gateway.signInFaults.shift() ?? 'ok';
      if (fault === 'hangs') return new Promise(() => undefined);
      if (fault === 'unreachable') throw new TypeError('Failed to fetch');
      if (typeof fault === 'object') return answer(fault.status, now, {});
      const { initData } = JSON.parse(body) as { readonly initData: string };
      const subject = gateway.players.get(initData);
      if (!subject) return answer(401, now, {});
      const token = `token ${gateway.signIns} of ${subject}`;
      return answer(200, now, { token, expiresAt: now + 3_600_000, subject });
    },
  };
  return gateway;
}
