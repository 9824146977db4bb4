import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { LogEntry } from '../logEntry';
import type { Query } from '../query';
import { type KeptLine, openLineStore } from './lineStore';

const everything: Query = { labels: [], contains: [], fields: [], whole: [], template: '{{__line__}}' };
const always = { from: 0n, to: 2n ** 62n, limit: 10_000 };
const DAY_MS = 86_400_000;
const DAY = 86_400_000_000_000n;

function open(options: Partial<Parameters<typeof openLineStore>[0]> = {}) {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'artel-logs-store-'));
  const store = openLineStore({ folder, keepMs: DAY_MS, maxBytes: 1 << 20, ...options });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { store, folder, texts: () => store.ask(everything, always).map(({ text }) => text) };
}

function line(
  text: string,
  nanos: bigint,
  labels: LogEntry['labels'] = { job: 'test' },
  identity = text,
): KeptLine {
  return { entry: { labels, metadata: {}, nanos, line: text }, identity };
}

it('gives the lines of all streams in the order of their time, and the newest where there are too many', async () => {
  const { store, texts } = open();
  await store.commit({ lines: [line('c', 3n), line('a', 1n, { job: 'other' }), line('b', 2n)] });
  expect(texts()).toEqual(['a', 'b', 'c']);
  expect(store.ask(everything, { ...always, limit: 2 }).map(({ text }) => text)).toEqual(['b', 'c']);
  expect(store.ask(everything, { from: 2n, to: 3n, limit: 9 }).map(({ text }) => text)).toEqual(['b']);
  const query = { ...everything, labels: [{ name: 'job', values: ['other', 'third'] }] };
  expect(store.ask(query, always).map(({ text }) => text)).toEqual(['a']);
});

it('has a line once that comes again, and two lines of one ns that are not the same', async () => {
  const { store, texts } = open();
  const first = [line('a', 1n), line('b', 1n)];
  expect(await store.commit({ lines: first })).toEqual({ added: 2 });
  expect(await store.commit({ lines: first })).toEqual({ added: 0 });
  await store.commit({ lines: [line('a', 1n, { job: 'test' }, 'another a')] });
  expect(texts().sort()).toEqual(['a', 'a', 'b']);
  expect(store.stats()).toMatchObject({ lines: 3, duplicates: 2, streams: 1 });
});

it('keeps lines and positions together, over a restart', async () => {
  const { store, folder } = open();
  const position = { name: 'file 1:2', value: { offset: 7 } };
  await store.commit({ lines: [line('a', 1n)], dropped: { debug_in_production: 2 }, position });
  await store.close();
  const again = open({ folder });
  expect(again.store.position('file 1:2')).toEqual({ offset: 7 });
  expect(again.texts()).toEqual(['a']);
  expect(again.store.stats().dropped).toEqual({ debug_in_production: 2 });
  await again.store.commit({ lines: [], forget: ['file 1:2'] });
  expect(again.store.positions()).toEqual([]);
});

it('lets go of what is too old, and counts it', async () => {
  const { store, texts } = open();
  await store.commit({
    lines: [line('old', DAY), line('older', 1n, { job: 'other' }), line('new', DAY + 1n)],
  });
  expect(await store.sweep(2n * DAY + 1n)).toBe(2);
  expect(texts()).toEqual(['new']);
  expect(store.stats()).toMatchObject({ lines: 1, dropped: { too_old: 2 } });
  expect(await store.sweep(2n * DAY + 1n)).toBe(0);
});

it('never holds more than it may: the oldest lines go, whatever their stream', async () => {
  const maxBytes = 100_000;
  const { store, texts } = open({ maxBytes });
  const text = 'x'.repeat(80);
  let most = 0;
  for (let round = 0; round < 40; round++) {
    const lines = Array.from({ length: 100 }, (_, index) => {
      const number = round * 100 + index;
      return line(`${String(number).padStart(5, '0')} ${text}`, BigInt(number), { job: `${number % 3}` });
    });
    await store.commit({ lines });
    most = Math.max(most, store.stats().bytes);
  }
  expect(most).toBeLessThanOrEqual(maxBytes);
  const kept = texts().map((one) => Number(one.slice(0, 5)));
  expect(kept.at(-1)).toBe(3_999);
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 4_000 - kept.length + index));
  const { lines, dropped } = store.stats();
  expect(lines + (dropped['too_many_bytes'] ?? 0)).toBe(4_000);
  expect(lines).toBeGreaterThan(500);
});

it('erases a user from the lines that name them, and no other line', async () => {
  const { store, texts } = open();
  const user = 'a1b2c3d4e5f60718';
  const by = (name: string, text: string): KeptLine => ({
    entry: { labels: { job: 'test' }, metadata: { [name]: user }, nanos: 1n, line: text },
    identity: text,
  });
  await store.commit({
    lines: [
      by('user_id', 'signed in'),
      by('user', 'a page'),
      by('request_id', 'no user'),
      line(`{"player_id":"${user}"}`, 2n),
      line(`{"user_hash":"${user}0"}`, 3n),
      line(user, 4n),
    ],
  });
  expect(await store.erase(new Set([user, 'another']))).toBe(3);
  expect(texts()).toEqual(['no user', `{"user_hash":"${user}0"}`, user]);
  expect(store.stats()).toMatchObject({ lines: 3, dropped: { erased: 3 } });
});

it('is read by another process, or here again, while it is written', async () => {
  const { store, folder } = open();
  await store.commit({ lines: [line('a', 1n)] });
  const reader = openLineStore({ folder, readOnly: true, keepMs: 1, maxBytes: 1 });
  await store.commit({ lines: [line('b', 2n)] });
  expect(reader.ask(everything, always).map(({ text }) => text)).toEqual(['a', 'b']);
  await reader.close();
});

it('says what is wrong with a folder that is no store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'artel-logs-none-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const options = { folder, keepMs: 1, maxBytes: 1 };
  expect(() => openLineStore({ ...options, readOnly: true })).toThrow(`no logs are stored in ${folder}`);
  writeFileSync(join(folder, 'data.mdb'), 'something else, and long enough to be read as a head');
  expect(() => openLineStore(options)).toThrow('is not a store of logs');
});
