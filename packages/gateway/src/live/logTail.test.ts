import type { LogLevel } from '@artel/telemetry-protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLogTail } from './logTail';

const line = (level: LogLevel, message = 'm') => ({ at: 0, level, message, fields: [] });

it('keeps errors through a flood of info, and gives info the whole room while there is nothing else', () => {
  const tail = createLogTail({ room: 20, characters: 10_000 });
  for (let at = 0; at < 50; at++) tail.add(line('info', `i${at}`));
  expect(tail.all().map(({ message }) => message)).toEqual(
    Array.from({ length: 20 }, (_, at) => `i${at + 30}`),
  );
  for (let at = 0; at < 5; at++) tail.add(line('error', `e${at}`));
  for (let at = 0; at < 1_000; at++) tail.add(line('info'));
  expect(tail.all()).toHaveLength(20);
  expect(tail.all().filter(({ level }) => level === 'error')).toHaveLength(5);
});

it('tells of each line once, the latest first to go, and counts those it passes over', () => {
  const tail = createLogTail({ room: 100, characters: 10_000 });
  for (let at = 0; at < 8; at++) tail.add(line('info', `${at}`));
  const { lines, skipped } = tail.fresh(3);
  expect(lines.map(({ message }) => message)).toEqual(['5', '6', '7']);
  expect(skipped).toBe(5);
  expect(tail.fresh(3)).toEqual({ lines: [], skipped: 0 });
  tail.add(line('warn', 'late'));
  expect(tail.fresh(3).lines.map(({ message }) => message)).toEqual(['late']);
});

it('never holds more lines or characters than it may, and its lines are in order', () => {
  const lines = fc.array(fc.tuple(fc.constantFrom<LogLevel>('debug', 'info', 'warn', 'error'), fc.nat(80)), {
    maxLength: 120,
  });
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 30 }), (list, room) => {
      const tail = createLogTail({ room, characters: 200 });
      for (const [level, size] of list) tail.add(line(level, 'x'.repeat(size)));
      const kept = tail.all();
      expect(kept.length).toBeLessThanOrEqual(room);
      expect(kept.reduce((sum, { message }) => sum + message.length, 0)).toBeLessThanOrEqual(200);
      expect(kept.map(({ id }) => id)).toEqual(kept.map(({ id }) => id).sort((a, b) => a - b));
      // Of each level the latest: what had to go was always the oldest of its level.
      for (const wanted of ['debug', 'info', 'warn', 'error']) {
        const ids = list.flatMap(([level], at) => (level === wanted ? [at + 1] : []));
        const left = kept.filter(({ level }) => level === wanted).map(({ id }) => id);
        expect(left).toEqual(ids.slice(ids.length - left.length));
      }
    }),
  );
});
