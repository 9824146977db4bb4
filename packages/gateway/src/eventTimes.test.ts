import type { Batch, Rejection } from '@artel/telemetry-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileOf, startGateway } from '../fixtures/gateway';
import { setTimes } from './eventTimes';

const received = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const rules = { received, futureSeconds: 86_400 };

function batchAt(times: readonly number[], more: Partial<Batch> = {}): Batch {
  return {
    metrics: times.map((timestamp) => ({ name: 'shots', timestamp })),
    logs: times.map((timestamp) => ({ level: 'info', message: 'm', timestamp })),
    spans: times.map((start) => ({
      name: 's',
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      start,
      duration: 1,
    })),
    ...more,
  };
}

/** The times of all items, list by list. */
function timesOf({ metrics, logs = [], spans = [] }: Batch): (number | undefined)[][] {
  return [
    metrics.map(({ timestamp }) => timestamp),
    logs.map(({ timestamp }) => timestamp),
    spans.map(({ start }) => start),
  ];
}

describe('the times of a batch', () => {
  it('are left as they are when the clocks agree, however long ago they were', () => {
    const times = [received - 20, received - HOUR, received - 400 * DAY, 1];
    const timed = setTimes(batchAt(times, { sentAt: received - 900 }), [], rules);
    expect(timesOf(timed.batch)).toEqual([times, times, times]);
    expect(timed).toMatchObject({ rejected: [], late: 6, skewed: false });
  });

  it.each([3 * HOUR, -3 * HOUR, 40 * DAY, -30 * 365 * DAY])(
    'are corrected for a clock that is %i ms ahead',
    (skew) => {
      const happened = [received - HOUR, received - 5_000];
      const told = happened.map((time) => time + skew);
      const timed = setTimes(batchAt(told, { sentAt: received + skew }), [], rules);
      expect(timesOf(timed.batch)).toEqual([happened, happened, happened]);
      expect(timed).toMatchObject({ rejected: [], skewed: true });
    },
  );

  it('that lie ahead are those of the arrival, and far ahead are refused in their place', () => {
    const times = [received - 1, received + HOUR, received + 2 * DAY, received * 1_000];
    const before: readonly Rejection[] = [
      { index: 0, reason: 'name: was wrong' },
      { index: 3, reason: 'level: was wrong', list: 'logs' },
    ];
    const timed = setTimes(batchAt(times), before, rules);
    const kept = [received - 1, received];
    expect(timesOf(timed.batch)).toEqual([kept, kept, kept]);
    const reason = expect.stringMatching(
      /^(?:timestamp|start): \d+ s ahead of the gateway's clock, the limit is 86400$/,
    );
    expect(timed.rejected).toEqual([
      ...before,
      // The points began at 1, since 0 was refused before; of the logs 0, 1, 2 and 4 are left.
      { index: 3, reason },
      { index: 4, reason },
      { index: 2, reason, list: 'logs' },
      { index: 4, reason, list: 'logs' },
      { index: 2, reason, list: 'spans' },
      { index: 3, reason, list: 'spans' },
    ]);
  });

  it('are never after the arrival by more than a minute, and no item is lost without a word', () => {
    const time = fc.integer({ min: 0, max: 2 * received });
    fc.assert(
      fc.property(fc.array(time, { maxLength: 20 }), fc.option(time, { nil: undefined }), (times, sentAt) => {
        const given = batchAt(times, sentAt === undefined ? {} : { sentAt });
        const { batch, rejected } = setTimes(given, [], rules);
        for (const list of timesOf(batch)) {
          for (const one of list) expect(one).toBeLessThanOrEqual(received + 60_000);
        }
        const kept = timesOf(batch).flat().length;
        expect(kept + rejected.length).toBe(3 * times.length);
      }),
    );
  });

  it('that are missing stay missing', () => {
    const { batch } = setTimes({ metrics: [{ name: 'shots' }], sentAt: received - DAY }, [], rules);
    expect(batch.metrics).toEqual([{ name: 'shots' }]);
  });
});

describe('a batch that arrives', () => {
  it('counts what is late and what a wrong clock says, and refuses what is far ahead with a reason', async () => {
    const { post, sample } = await startGateway();
    const now = Date.now();
    const metrics = [now - 20 * DAY, now + 3 * HOUR, now + 30 * DAY].map((timestamp) => ({
      name: 'shots',
      timestamp,
    }));
    const answer = await post({ metrics });
    expect(answer.body).toMatchObject({
      accepted: 2,
      rejected: [
        { index: 2, reason: expect.stringMatching(/^timestamp: \d+ s ahead of the gateway's clock/) },
      ],
    });
    expect(await sample('shots_total')).toBe(2);
    expect(await sample('artel_gateway_late_total')).toBe(1);
    expect(await sample('artel_gateway_points_rejected_total{field="timestamp"}')).toBe(1);

    const skewed = { sentAt: now + 30 * DAY, metrics: [{ name: 'hits', timestamp: now + 30 * DAY - 5 }] };
    expect((await post(skewed)).body).toMatchObject({ accepted: 1, rejected: [] });
    expect(await sample('artel_gateway_skewed_batches_total')).toBe(1);
    expect((await post({ metrics: [{ name: 'hits', timestamp: now * 1_000 }] })).status).toBe(400);
    expect(await sample('hits_total')).toBe(1);
  });

  it('is refused where the operator lets nothing be ahead by so much', async () => {
    const { post } = await startGateway({ GATEWAY_CONFIG: fileOf('limits: { futureSeconds: 600 }') });
    const at = (ahead: number) => ({ metrics: [{ name: 'shots', timestamp: Date.now() + ahead }] });
    expect((await post(at(300_000))).status).toBe(202);
    expect((await post(at(HOUR))).status).toBe(400);
  });
});
