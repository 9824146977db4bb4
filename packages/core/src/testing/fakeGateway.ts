import type { Batch } from '@artel/telemetry-protocol';
import { checkBatch } from '@artel/telemetry-protocol/check';

/** What the network does to one request. */
export type Fault =
  | 'ok'
  /** The answer is lost after the server counted. */
  | 'lost answer'
  | 'unreachable'
  | 'hangs'
  | { readonly status: number; readonly retryAfter?: string };

/** A gateway with a ledger, whose network fails as a test tells it to. */
export interface FakeGateway {
  /** The fault of the next request; `ok` when left out of the list. */
  readonly faults: Fault[];
  /** The fault of every request while it is set. */
  outage: Fault | undefined;
  /** Refuses whole batches that hold a metric of this name. */
  poison: string | undefined;
  readonly batches: Batch[];
  /** Players' initData, and who they are to the gateway; any other launch is refused. */
  readonly players: Map<string, string>;
  /** Exchanges asked for, and how the next ones fail. */
  signIns: number;
  readonly signInFaults: Exclude<Fault, 'lost answer'>[];
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
  const answer = (status: number, now: number, body: unknown, headers: Record<string, string> = {}) =>
    new Response(JSON.stringify(body), {
      status,
      headers: { date: new Date(now).toUTCString(), ...headers },
    });

  const gateway: FakeGateway = {
    faults: [],
    outage: undefined,
    poison: undefined,
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
        return answer(fault.status, now, {}, fault.retryAfter ? { 'retry-after': fault.retryAfter } : {});
      }
      const result = checkBatch(JSON.parse(body));
      if (!result.ok) return answer(result.status, now, result.problems);
      const { batch, rejected } = result;
      if (batch.metrics.some((point) => point.name === gateway.poison)) return answer(400, now, {});
      const id = `${batch.producer}.${batch.seq}`;
      const duplicate = seen.has(id);
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
