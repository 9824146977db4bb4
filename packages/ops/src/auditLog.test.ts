import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testFolder } from '../fixtures/runProgram';
import { openAuditLog } from './auditLog';

const now = () => Date.parse('2026-03-01T12:00:00Z');

function written(path: string, ...events: readonly string[]): void {
  const log = openAuditLog({ path, now, actor: 'tester' });
  for (const event of events) log.append({ event, plan: 'p1' });
  log.close();
}

it('only ever appends, and each line tells who, when and what, after which line', () => {
  const path = join(testFolder(), 'deep/audit.jsonl');
  written(path, 'one', 'two');
  const before = readFileSync(path, 'utf8');
  written(path, 'three');
  const after = readFileSync(path, 'utf8');
  expect(after.startsWith(before)).toBe(true);
  const log = openAuditLog({ path, now });
  expect(log.records().map(({ event, actor, at }) => [event, actor, at])).toEqual(
    ['one', 'two', 'three'].map((event) => [event, 'tester', '2026-03-01T12:00:00.000Z']),
  );
  expect(new Set(log.records().map(({ previous }) => previous)).size).toBe(3);
  log.close();
});

it('is refused once a line was changed or taken out', () => {
  const path = join(testFolder(), 'audit.jsonl');
  written(path, 'one', 'two', 'three');
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, [lines[0]?.replace('one', 'won'), ...lines.slice(1)].join('\n'));
  expect(() => written(path)).toThrow(/audit\.jsonl, line 2: does not follow the line before it/);
  writeFileSync(path, [lines[0], ...lines.slice(2)].join('\n'));
  expect(() => written(path)).toThrow(/line 2: does not follow/);
});

it('goes on after a line that was broken off', () => {
  const path = join(testFolder(), 'audit.jsonl');
  written(path, 'one');
  appendFileSync(path, '{"at":"2026-03-0');
  written(path, 'two');
  const log = openAuditLog({ path, now });
  expect(log.records().map(({ event }) => event)).toEqual(['one', 'two']);
  log.close();
});

it('is of one process at a time, and free again when that is gone', () => {
  const path = join(testFolder(), 'audit.jsonl');
  const log = openAuditLog({ path, now });
  expect(() => openAuditLog({ path, now })).toThrow(`process ${process.pid} is writing to it`);
  log.close();
  // No process has this id.
  writeFileSync(`${path}.lock`, '4194999');
  written(path, 'one');
});
