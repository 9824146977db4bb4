import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = new URL('..', import.meta.url).pathname;
const scripts = globSync('dist/**/*.{js,cjs}', { cwd: folder });

it('has a script for each source file', () => {
  const sources = globSync('src/**/*.ts', { cwd: folder }).filter((file) => !file.endsWith('.test.ts'));
  expect(scripts).toEqual(
    expect.arrayContaining(sources.map((file) => file.replace(/^src/, 'dist').replace(/ts$/, 'js'))),
  );
});

it.each(scripts)('%s is pure ASCII, for pages without a declared character set', (file) => {
  expect(readFileSync(`${folder}${file}`, 'utf8')).not.toMatch(/[^\0-\x7f]/);
});
