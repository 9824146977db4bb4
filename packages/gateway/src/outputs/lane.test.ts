import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryQueue } from '../../fixtures/memoryQueue';
import { log, span } from '../../fixtures/records';
import { soon } from '../../fixtures/runForwarder';
import { systemClock } from '../clock';
import type { QueueRecord } from '../enrich';
import { createLane, type Lane } from './lane';
import type { Verdict } from './post';
import type { QueueEntry } from './queueReader';
import type { RecordOutput } from './recordOutput';

// Nothing is timed here, and a busy machine takes its time.
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const refused: Verdict = { kind: 'refused', reason: 'refused', message: '400' };
const failed: Verdict = { kind: 'failed', message: '503', retryAfterMs: 0 };

function textOf(record: QueueRecord): string {
  return record.kind === 'log' ? record.log.message : record.span.name;
}

/** An end that keeps what it takes, refuses what says poison, and has bad moments as the list says. */
function createEnd(moments: readonly ('fine' | 'down' | 'lost')[]) {
  const taken: string[] = [];
  let at = 0;
  const output: RecordOutput = {
    id: 'end/logs',
    name: 'end',
    signal: 'logs',
    batch: { records: 4, bytes: 1_000_000, waitMs: 0 },
    takes: ({ kind }) => kind === 'log',
    encode: (entries: readonly QueueEntry[]) =>
      Buffer.from(JSON.stringify(entries.map(({ record }) => textOf(record)))),
    async post(body) {
      await new Promise((resolve) => setImmediate(resolve));
      const moment = moments[at++] ?? 'fine';
      if (moment === 'down') return failed;
      const texts: string[] = JSON.parse(Buffer.from(body).toString());
      if (texts.includes('poison')) return refused;
      taken.push(...texts);
      // The answer of what was taken may get lost on its way.
      return moment === 'lost' ? failed : { kind: 'accepted', rejected: 0, message: '' };
    },
  };
  return { output, taken };
}

describe('a lane', () => {
  it('brings every record to its end, in order, whatever fails, gets lost or is started again in between', async () => {
    const record = fc.oneof(
      { weight: 6, arbitrary: fc.constant('log') },
      { weight: 1, arbitrary: fc.constant('span') },
      { weight: 1, arbitrary: fc.constant('poison') },
    );
    const step = fc.record({
      records: fc.array(record, { maxLength: 12 }),
      restart: fc.boolean(),
    });
    const moment = fc.oneof(
      { weight: 3, arbitrary: fc.constant('fine' as const) },
      fc.constantFrom('down' as const, 'lost' as const),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 6 }),
        fc.array(moment),
        async (steps, moments) => {
          const { queue, cursors, add, moves } = createMemoryQueue();
          const { output, taken } = createEnd(moments);
          let dropped = 0;
          const open = (): Lane => {
            const options = { output, queue, cursors, clock: systemClock, random: () => 0, logger: silent };
            const lane = createLane({
              ...options,
              wait: () => new Promise((resolve) => setImmediate(resolve)),
            });
            lane.start();
            return lane;
          };
          const close = async (lane: Lane): Promise<void> => {
            await lane.close(1_000);
            dropped += lane.report().dropped.get('refused') ?? 0;
          };
          let lane = open();
          const expected: string[] = [];
          let poison = 0;
          for (const { records, restart } of steps) {
            for (const [at, kind] of records.entries()) {
              const text = `${expected.length}.${at}`;
              if (kind === 'span') add(span(text));
              else add(log(kind === 'poison' ? kind : text));
              if (kind === 'log') expected.push(text);
              if (kind === 'poison') poison++;
            }
            lane.nudge();
            if (restart) {
              await close(lane);
              lane = open();
            }
          }
          await soon(() => expect(lane.passed()).toBe(queue.ends().next));
          await close(lane);
          // The first copy of each in order; a copy only where an answer was lost or a restart came in between.
          expect([...new Set(taken)]).toEqual(expected);
          expect(dropped).toBeLessThanOrEqual(poison + steps.length);
          if (!moments.includes('lost') && !steps.some(({ restart }) => restart)) {
            expect(taken).toEqual(expected);
            expect(dropped).toBe(poison);
          }
          const positions = moves.map(([, next]) => next);
          expect(positions).toEqual([...positions].sort((a, b) => a - b));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives up a record that cannot be encoded, and no other', async () => {
    const { queue, cursors, add } = createMemoryQueue();
    const { output, taken } = createEnd([]);
    const lane = createLane({
      output: {
        ...output,
        encode(entries) {
          if (entries.some(({ record }) => textOf(record) === 'bad')) throw new TypeError('no such time');
          return output.encode(entries);
        },
      },
      queue,
      cursors,
      clock: systemClock,
      random: () => 0,
      wait: () => new Promise((resolve) => setImmediate(resolve)),
      logger: silent,
    });
    add(log('a'), log('bad'), log('b'));
    lane.start();
    await soon(() => expect(lane.passed()).toBe(4));
    await lane.close(0);
    expect(taken).toEqual(['a', 'b']);
    expect(lane.report().dropped.get('refused')).toBe(1);
  });

  it('goes on when its place cannot be written for a while, and writes it with the next', async () => {
    const { queue, cursors, add } = createMemoryQueue();
    const { output, taken } = createEnd([]);
    let isFull = true;
    const lane = createLane({
      output,
      queue,
      cursors: {
        ...cursors,
        move: (id, next) => (isFull ? Promise.reject(new Error('disk full')) : cursors.move(id, next)),
      },
      clock: systemClock,
      random: () => 0,
      wait: () => new Promise((resolve) => setImmediate(resolve)),
      logger: silent,
    });
    lane.start();
    add(log('a'));
    lane.nudge();
    await soon(() => expect(lane.report().sent).toBe(1));
    expect(lane.passed()).toBe(1);
    isFull = false;
    add(log('b'));
    lane.nudge();
    await soon(() => expect(lane.passed()).toBe(3));
    await lane.close(0);
    expect(taken).toEqual(['a', 'b']);
  });
});
