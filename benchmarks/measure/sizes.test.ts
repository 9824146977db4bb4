import { brotliCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { weighBundle } from './sizes';

const [entry, later] = ['entry text', 'text of a chunk'.repeat(9)];
const bundle = {
  entry: 'entry.js',
  files: new Map([
    ['entry.js', entry],
    ['later.js', later],
  ]),
  eager: ['entry.js'],
};

it('weighs the eager files alone, and all files, each compressed on its own', () => {
  const { eager, all } = weighBundle(bundle);
  expect(eager.minified).toBe(entry.length);
  expect(all.minified).toBe(entry.length + later.length);
  expect(eager.brotli).toBe(brotliCompressSync(entry).length);
  expect(all.brotli).toBe(brotliCompressSync(entry).length + brotliCompressSync(later).length);
});

it('counts bytes, not characters', () => {
  const { all } = weighBundle({ ...bundle, files: new Map([['entry.js', 'é']]) });
  expect(all.minified).toBe(2);
});
