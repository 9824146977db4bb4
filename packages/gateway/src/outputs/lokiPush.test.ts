import { readPush } from '@artel/test-support/fakes/lokiPush';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyLog, log } from '../../fixtures/records';
import { createPlace } from './createOutputs';
import { type LokiPush, type LokiPushOptions, lokiPush } from './lokiPush';
import type { QueueEntry } from './queueReader';

const HOUR_MS = 3_600_000;
const now = 1_800_000_000_000;

const options: LokiPushOptions = {
  place: createPlace(() => undefined),
  labels: {},
  window: { lateMs: 3_000_000, aheadMs: 540_000 },
};

function push(...records: QueueEntry['record'][]): LokiPush {
  return lokiPush(
    records.map((record, at) => ({ key: 41 + at, record })),
    options,
  );
}

/** What Loki reads in a request that went over the wire. */
function read(request: LokiPush) {
  return readPush(JSON.parse(JSON.stringify(request)));
}

describe('a push to Loki', () => {
  it('makes few labels of a record, a line that people read, and metadata of all the rest', () => {
    const record = log(
      'User action: pot',
      {
        timestamp: now - 5,
        category: 'user_action',
        fields: { page: '/game', ball: 7, won: true, none: null },
        traceId: 'ab'.repeat(16),
        spanId: 'cd'.repeat(8),
      },
      { received: now, session: 's-1', user: 'u1', producer: 'p-1', page: '/lobby' },
    );
    expect(push(record)).toEqual({
      streams: [
        {
          stream: {
            app: 'billiards',
            service_name: 'billiards',
            environment: 'test',
            level: 'info',
            category: 'user_action',
          },
          values: [
            [
              '1799999999995000041',
              'User action: pot',
              {
                session: 's-1',
                user: 'u1',
                producer: 'p-1',
                tier: 'anonymous',
                app_version: '1.2.0',
                trace_id: 'ab'.repeat(16),
                span_id: 'cd'.repeat(8),
                page: '/game',
                ball: '7',
                won: 'true',
              },
            ],
          ],
        },
      ],
    });
  });

  it('puts the stack of an error behind its message', () => {
    const fields = { error_type: 'TypeError', stack: 'TypeError: x\n    at pot (game.js:1:2)' };
    const [line] = read(push(log('TypeError: x', { level: 'error', category: 'error', fields })));
    expect(line?.line).toBe('TypeError: x\nTypeError: x\n    at pot (game.js:1:2)');
    expect(line?.metadata).toMatchObject({ error_type: 'TypeError' });
    expect(line?.metadata).not.toHaveProperty('stack');
  });

  it('keeps a category that an app made up out of the labels', () => {
    const [line] = read(push(log('x', { category: 'made_up' })));
    expect(line?.labels).not.toHaveProperty('category');
    expect(line?.metadata).toMatchObject({ field_category: 'made_up' });
  });

  it('stores what was offline for hours under its arrival, with its own time beside it', () => {
    const [late, soon] = read(
      push(
        log('late', { timestamp: now - 5 * HOUR_MS }, { received: now }),
        log('soon', { timestamp: now - HOUR_MS / 2 }, { received: now }),
      ),
    ).sort((a, b) => (a.line < b.line ? -1 : 1));
    expect(late).toMatchObject({
      nanos: BigInt(now) * 1_000_000n + 41n,
      metadata: { event_time: String(now - 5 * HOUR_MS) },
    });
    expect(soon?.nanos).toBe(BigInt(now - HOUR_MS / 2) * 1_000_000n + 42n);
    expect(soon?.metadata).not.toHaveProperty('event_time');
  });

  it('tells two players apart who do the same in one ms, and gives one record the same time whenever it is sent', () => {
    const records = [
      log('pot', { timestamp: now }, { received: now }),
      log('pot', { timestamp: now }, { received: now }),
    ];
    const [first, second] = read(push(...records));
    expect(first?.nanos).not.toBe(second?.nanos);
    expect(push(...records)).toEqual(push(...records));
  });

  it('has one stream for each set of labels, its lines in the order of time', () => {
    const request = push(
      log('b', { timestamp: now }, { received: now }),
      log('w', { timestamp: now, level: 'warn' }, { received: now }),
      log('a', { timestamp: now - 9 }, { received: now }),
    );
    expect(
      request.streams.map(({ stream, values }) => [stream['level'], values.map(([, line]) => line)]),
    ).toEqual([
      ['info', ['a', 'b']],
      ['warn', ['w']],
    ]);
  });

  it('ends the metadata of a line before Loki refuses it', () => {
    const fields = Object.fromEntries(Array.from({ length: 64 }, (_, at) => [`f${at}`, 'я'.repeat(4_000)]));
    const [line] = read(push(log('x', { fields })));
    expect(line?.metadata).toMatchObject({ truncated: 'true', f0: 'я'.repeat(4_000) });
  });

  it('is one that Loki takes, whatever stood in the queue', () => {
    fc.assert(
      fc.property(fc.array(anyLog, { minLength: 1, maxLength: 5 }), (records) => {
        expect(read(push(...records))).toHaveLength(records.length);
      }),
    );
  });
});

describe('the app and environment of a record', () => {
  const claimed = (name: string) => log('x', {}, { app: { name, environment: 'test' } });

  it('are those of its tenant, whatever the batch says', () => {
    const place = createPlace((id) => (id === 'a/prod' ? { app: 'a', environment: 'prod' } : undefined));
    expect(place(log('x', {}, { tenant: 'a/prod', app: { name: 'b', environment: 'test' } }))).toEqual({
      app: 'a',
      environment: 'prod',
    });
    expect(place(claimed('b'))).toEqual({ app: 'b', environment: 'test' });
  });

  it('are at most 50 where anybody may make them up', () => {
    const place = createPlace(() => undefined);
    const names = Array.from({ length: 200 }, (_, at) => place(claimed(`app${at}`)).app);
    expect(new Set(names).size).toBe(51);
    expect(place(claimed('app7'))).toEqual({ app: 'app7', environment: 'test' });
    expect(place(claimed('app199'))).toEqual({ app: 'other' });
  });
});
