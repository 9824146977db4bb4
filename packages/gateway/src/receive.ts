import type { BatchAnswer, MetricPoint } from '@artel/telemetry-protocol';
import { checkBatch, type Read } from '@artel/telemetry-protocol/check';
import type { FastifyRequest } from 'fastify';
import type { Admission } from './admit';
import type { Clock } from './clock';
import { CommitError, type Committer } from './commit';
import type { RequestLimits } from './config';
import { decode } from './decode';
import type { Tier } from './enrich';
import { setTimes } from './eventTimes';
import type { Outcome } from './job';
import type { RateLimits } from './limits/rateLimits';
import type { OwnMetrics } from './ownMetrics';
import type { PointText } from './pointText';
import { HttpProblem, toProblem, unavailable, unknownKey } from './problem';
import { readBody } from './readBody';
import type { Sessions } from './telegram/sessions';
import type { Tenant, TenantRegistry } from './tenants';
import { writeKeyOf } from './writeKey';

export interface ReceiverOptions {
  readonly committer: Pick<Committer, 'submit'>;
  readonly metrics: Pick<OwnMetrics, 'batch' | 'times'>;
  readonly admission: Admission;
  readonly readPoint: Read<MetricPoint>;
  /** `JSON.parse` for the batches that it knows how to read, as `decode` takes it. */
  readonly parse?: PointText;
  readonly rates: Pick<RateLimits, 'batch'>;
  readonly sessions: Pick<Sessions, 'verify'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly limits: () => RequestLimits;
  readonly tenants: () => TenantRegistry;
}

/** Who sends a batch, as far as that is known. */
interface Sender {
  readonly tenant?: Tenant;
  readonly tier?: Tier;
}

/**
 * Takes the request of one batch from its first byte to the 202 answer; throws the problem where there is none.
 * `onTenant` is told whose batch it is as soon as that is known, and may throw what speaks against it.
 */
export type Receiver = (request: FastifyRequest, onTenant: (tenant: Tenant) => void) => Promise<BatchAnswer>;

function answer(outcome: Outcome): BatchAnswer {
  if (outcome.kind === 'duplicate') return { accepted: 0, rejected: [], duplicate: true };
  const { rejected } = outcome;
  if (outcome.kind === 'counted') return { accepted: outcome.accepted, rejected, duplicate: false };
  const first = rejected[0];
  const example = first ? `; ${first.list ?? 'metrics'}[${first.index}] ${first.reason}` : '';
  throw new HttpProblem(400, `not one of ${rejected.length} items could be counted${example}`, {
    type: 'nothing-accepted',
    extensions: { accepted: 0, rejected },
  });
}

export function createReceiver(options: ReceiverOptions): Receiver {
  const { committer, metrics, admission, readPoint, parse, rates, sessions, clock, limits, tenants } =
    options;

  const tierOf = (tenant: Tenant, token: string | undefined) => {
    if (token === undefined || tenant.telegram === undefined) return { tier: 'anonymous' } as const;
    const session = sessions.verify(token, tenant.id);
    if (session) return { tier: 'session', subject: session.subject } as const;
    throw new HttpProblem(401, 'token: expired or not ours, ask for one at POST /api/session', {
      type: 'token-refused',
      headers: { 'WWW-Authenticate': 'ArtelToken' },
    });
  };

  return async (request, onTenant) => {
    const { bodyBytes, inflatedBytes, depth, items, futureSeconds } = limits();
    const lease = admission.lease();
    let sender: Sender = {};
    try {
      await admission.admit(request);
      const body = await readBody(request.raw, bodyBytes, lease.hold);
      const { value, bytes } = await decode(body, inflatedBytes, depth, parse);
      const check = checkBatch(value, readPoint);
      if (!check.ok) {
        const detail = check.problems.map(({ field, message }) => `${field}: ${message}`).join('; ');
        throw new HttpProblem(check.status, detail, { errors: check.problems });
      }
      const { metrics: points, logs = [], spans = [] } = check.batch;
      const count = points.length + logs.length + spans.length + check.rejected.length;
      if (count > items) throw new HttpProblem(413, `body: ${count} items, the limit is ${items}`);
      const { key, token, producer } = check.batch;
      const tenant = tenants().byKey(writeKeyOf(request.headers, key));
      if (tenant === undefined) throw unknownKey();
      sender = { tenant };
      onTenant(tenant);
      const proven = tierOf(tenant, token);
      sender = { tenant, tier: proven.tier };
      await rates.batch({ tenant, tier: proven.tier, producer });
      const timed = setTimes(check.batch, check.rejected, { received: clock.now(), futureSeconds });
      const outcome = await committer.submit({ tenant, ...proven, ...timed, bytes });
      if (outcome.kind === 'counted') metrics.times(timed);
      metrics.batch(outcome, sender);
      return answer(outcome);
    } catch (error) {
      const problem =
        error instanceof CommitError
          ? unavailable(`${error.message}; nothing of this batch was kept, send it again`)
          : toProblem(error);
      if (problem.details.type !== 'urn:artel:problem:nothing-accepted') metrics.batch(problem, sender);
      throw error instanceof CommitError ? problem : error;
    } finally {
      lease.end();
      // What is left of a body that was not read to its end would stand before the connection's next request.
      if (!request.raw.complete) request.raw.resume();
    }
  };
}
