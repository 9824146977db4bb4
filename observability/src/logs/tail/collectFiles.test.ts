import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { openLineStore } from '../store/lineStore';
import { collectFiles } from './collectFiles';

const MINUTE = 60_000;

function start(pattern = 'app.log') {
  const folder = mkdtempSync(join(tmpdir(), 'artel-logs-tail-'));
  const data = join(folder, 'store');
  const complaints: string[] = [];
  let time = 1_000_000;
  const begin = () => {
    const store = openLineStore({ folder: data, keepMs: 2 ** 40, maxBytes: 1 << 28 });
    const collector = collectFiles({
      store,
      patterns: [join(folder, pattern)],
      labels: { job: 'files' },
      now: () => time++,
      complain: (message) => complaints.push(message),
    });
    return { store, collector };
  };
  let { store, collector } = begin();
  onTestFinished(async () => {
    await collector.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const lines = () => {
    const query = { labels: [], contains: [], fields: [], whole: [], template: '{{__line__}}' };
    return store.ask(query, { from: 0n, to: 2n ** 62n, limit: 10_000 }).map(({ text }) => text);
  };
  return {
    complaints,
    path: (name: string) => join(folder, name),
    append: (text: string, name = 'app.log') => appendFileSync(join(folder, name), text),
    turn: async () => {
      await collector.turn();
      return lines();
    },
    pass: (ms: number) => {
      time += ms;
    },
    restart: async () => {
      await collector.close();
      await store.close();
      ({ store, collector } = begin());
    },
    stats: () => store.stats(),
    positions: () => store.positions(),
  };
}

it('keeps lines as they are finished, and each once', async () => {
  const { append, turn, restart, stats } = start();
  expect(await turn()).toEqual([]);
  append('one\ntwo\r\n\nthr');
  expect(await turn()).toEqual(['one', 'two']);
  append('ee\n');
  expect(await turn()).toEqual(['one', 'two', 'three']);
  await restart();
  append('four\n');
  expect(await turn()).toEqual(['one', 'two', 'three', 'four']);
  expect(stats().duplicates).toBe(0);
});

it('reads a file that is renamed to its end, and the new one of its name', async () => {
  const { append, path, turn, pass, positions } = start();
  append('one\n');
  await turn();
  renameSync(path('app.log'), path('app.log.1'));
  append('late, without an end', 'app.log.1');
  append('two\n');
  expect(await turn()).toEqual(['one', 'two']);
  append(' to it', 'app.log.1');
  pass(MINUTE);
  expect((await turn()).sort()).toEqual(['late, without an end to it', 'one', 'two']);
  expect(positions()).toHaveLength(1);
  unlinkSync(path('app.log.1'));
  append('three\n');
  expect(await turn()).toContain('three');
});

it('finds what was renamed while it was away', async () => {
  const { append, path, turn, restart } = start();
  append('one\n');
  await turn();
  await restart();
  append('two\n');
  renameSync(path('app.log'), path('app.log.1'));
  append('three\n');
  expect((await turn()).sort()).toEqual(['one', 'three', 'two']);
});

it('does not read a file again that is renamed within the pattern', async () => {
  const { append, path, turn, pass, stats } = start('app*');
  append('one\n');
  await turn();
  renameSync(path('app.log'), path('app-1.log'));
  append('two\n');
  await turn();
  pass(MINUTE);
  await turn();
  expect(await turn()).toEqual(['one', 'two']);
  expect(stats().lines).toBe(2);
});

it('begins anew with a file that is emptied, however much stands in it by then', async () => {
  const { append, path, turn, restart } = start();
  append('one\ntwo\n');
  await turn();
  truncateSync(path('app.log'));
  append('one\n');
  expect(await turn()).toEqual(['one', 'two', 'one']);
  truncateSync(path('app.log'));
  append('longer than before\nand more\n');
  expect((await turn()).slice(3)).toEqual(['longer than before', 'and more']);
  await restart();
  writeFileSync(path('app.log'), 'another head, of the same inode\n');
  expect((await turn()).at(-1)).toBe('another head, of the same inode');
});

it('keeps the beginning of a line that is too long, and goes on behind it', async () => {
  const { append, turn } = start();
  append(`${'x'.repeat(300_000)}\nnext\n${'y'.repeat(1_300_000)}\nlast\n`);
  const kept = await turn();
  expect(kept[0]).toHaveLength(262_144);
  expect([kept[1], kept.at(-1)]).toEqual(['next', 'last']);
  expect(kept.every((line) => line.length <= 262_144)).toBe(true);
});

it('counts debug lines of production and keeps them not', async () => {
  const { append, turn, stats } = start();
  append('{"level":"debug","environment":"production"}\n{"level":"info","environment":"production"}\n');
  expect(await turn()).toHaveLength(1);
  expect(stats().dropped).toEqual({ debug_in_production: 1 });
});

it('says once of a file that cannot be read, and goes on with the others', async () => {
  const { append, path, turn, complaints } = start('*');
  append('one\n', 'b.log');
  // The store's own folder is among what the pattern means.
  expect(await turn()).toContain('one');
  await turn();
  expect(complaints.filter((message) => message.includes(path('store')))).toHaveLength(1);
});

it('has every line once, whatever is written, renamed, emptied and restarted in between', async () => {
  const step = fc.constantFrom('write', 'write', 'write', 'part', 'rotate', 'turn', 'turn', 'restart');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const { append, path, turn, restart } = start();
      const written: string[] = [];
      let open = '';
      let rotations = 0;
      append('');
      for (const [index, one] of steps.entries()) {
        if (one === 'write') {
          append(`${open === '' ? '' : '\n'}line ${index}\n`);
          if (open !== '') written.push(open);
          open = '';
          written.push(`line ${index}`);
        } else if (one === 'part' && open === '') {
          open = `part ${index}`;
          append(open);
        } else if (one === 'rotate' && readFileSync(path('app.log')).length > 0) {
          if (open !== '') append('\n');
          if (open !== '') written.push(open);
          open = '';
          // The tail sees each file before the next takes its name, as it would at any sane rate of rotation.
          await turn();
          renameSync(path('app.log'), path(`app.log.${++rotations}`));
          append('');
        } else if (one === 'turn') await turn();
        else if (one === 'restart') await restart();
      }
      await turn();
      expect((await turn()).sort()).toEqual(written.sort());
    }),
    { numRuns: 15, seed: 3 },
  );
});
