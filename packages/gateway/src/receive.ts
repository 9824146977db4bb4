import type { IncomingMessage } from 'node:http';
import { type BatchAnswer, checkBatch, limits } from '@artel/telemetry-protocol';
import { CommitError, type Committer, type Outcome } from './commit';
import { decode } from './decode';
import type { OwnMetrics } from './ownMetrics';
import { HttpProblem, unavailable } from './problem';
import { readBody } from './readBody';

export interface ReceiverOptions {
  readonly committer: Pick<Committer, 'submit'>;
  readonly metrics: Pick<OwnMetrics, 'batch'>;
}

/** Takes the request of one batch from its first byte to the 202 answer; throws the problem where there is none. */
export type Receiver = (request: IncomingMessage) => Promise<BatchAnswer>;

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

export function createReceiver({ committer, metrics }: ReceiverOptions): Receiver {
  const commit = async (body: Buffer): Promise<Outcome> => {
    const { value, bytes } = await decode(body, limits.bodyBytes);
    const check = checkBatch(value);
    if (!check.ok) {
      const detail = check.problems.map(({ field, message }) => `${field}: ${message}`).join('; ');
      throw new HttpProblem(check.status, detail, { errors: check.problems });
    }
    return committer.submit({ batch: check.batch, rejected: check.rejected, bytes });
  };

  return async (request) => {
    try {
      const outcome = await commit(await readBody(request, limits.bodyBytes));
      if (outcome.kind === 'counted') metrics.batch('accepted', outcome.accepted, outcome.rejected.length);
      else if (outcome.kind === 'duplicate') metrics.batch('duplicate');
      else metrics.batch('refused', 0, outcome.rejected.length);
      return answer(outcome);
    } catch (error) {
      if (error instanceof CommitError) {
        metrics.batch('failed');
        throw unavailable(`${error.message}; nothing of this batch was kept, send it again`);
      }
      if (error instanceof HttpProblem && error.details.type !== 'urn:artel:problem:nothing-accepted') {
        metrics.batch('refused');
      }
      throw error;
    }
  };
}
