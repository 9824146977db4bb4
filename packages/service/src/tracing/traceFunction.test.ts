import { createOtlpFake, type OtlpFake } from '@artel/test-support/fakes/otlp';
import { trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, expectTypeOf, it } from 'vitest';
import { GameTracer } from './GameTracer';
import { setupTracing, type Tracing } from './setupTracing';
import { traceFunction } from './traceFunction';

let otlp: OtlpFake;
let tracing: Tracing;
beforeEach(async () => {
  otlp = await createOtlpFake();
  tracing = setupTracing({ service: 'game-service', endpoint: otlp.url, sampleRatio: 1 });
});
afterEach(async () => {
  await tracing.shutdown();
});

it('keeps the type, the name, the length, the this and the result', async () => {
  class Table {
    readonly balls = 3;
    readonly count = traceFunction('count', function count(this: Table, more: number): number {
      return this.balls + more;
    });
  }
  const table = new Table();
  expect(table.count(2)).toBe(5);
  expect(table.count.name).toBe('count');
  expect(table.count).toHaveLength(1);
  const first = traceFunction('first', <T>(items: readonly T[]): T | undefined => items[0]);
  expectTypeOf(first(['a'])).toEqualTypeOf<string | undefined>();
  const load = traceFunction('load', async (id: string) => ({ id }));
  expectTypeOf(load).toEqualTypeOf<(id: string) => Promise<{ id: string }>>();
  await expect(load('7')).resolves.toEqual({ id: '7' });
});

it('makes a span of a call until its promise is settled, and children beneath it', async () => {
  const inner = traceFunction('inner', () => 1);
  const outer = traceFunction('outer', async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return inner();
  });
  await outer();
  await tracing.forceFlush();
  const [child, parent] = otlp.spans;
  expect(parent).toMatchObject({ name: 'outer', attributes: { 'function.result': 'success' } });
  expect(child).toMatchObject({ name: 'inner', parentSpanId: parent?.spanId });
});

it('records what is thrown and lets it pass as it is', async () => {
  const error = new RangeError('too many balls');
  const sync = traceFunction('sync', (): never => {
    throw error;
  });
  const later = traceFunction('later', async (): Promise<never> => {
    throw error;
  });
  expect(sync).toThrow(error);
  await expect(later()).rejects.toBe(error);
  await tracing.forceFlush();
  expect(otlp.spans).toHaveLength(2);
  for (const span of otlp.spans) {
    expect(span).toMatchObject({
      status: { code: 2, message: 'too many balls' },
      attributes: {
        'function.result': 'error',
        'error.type': 'RangeError',
        'error.message': 'too many balls',
      },
      events: [
        {
          name: 'exception',
          attributes: {
            'exception.type': 'RangeError',
            'exception.stacktrace': expect.stringContaining('    at '),
          },
        },
      ],
    });
  }
});

it('costs no more than the call where no tracer is set up', async () => {
  await tracing.shutdown();
  expect(traceFunction('plain', (a: number) => a + 1)(1)).toBe(2);
  expect(trace.getActiveSpan()).toBeUndefined();
});

it("starts the spans of a game with the seed's names and attributes", async () => {
  const games = new GameTracer();
  games.traceGameSession('s-1', 'kolkhoz').end();
  games.traceGameEvent('ball_potted', 'p-1', 's-1').end();
  games.traceScoreCalculation('kolkhoz', 's-1').end();
  await tracing.forceFlush();
  expect(otlp.spans.map(({ name, attributes }) => ({ name, attributes }))).toEqual([
    { name: 'game.session', attributes: { 'game.session_id': 's-1', 'game.type': 'kolkhoz' } },
    {
      name: 'game.event',
      attributes: { 'game.event_type': 'ball_potted', 'game.player_id': 'p-1', 'game.session_id': 's-1' },
    },
    {
      name: 'game.score_calculation',
      attributes: { 'game.calculation_type': 'kolkhoz', 'game.session_id': 's-1' },
    },
  ]);
});
