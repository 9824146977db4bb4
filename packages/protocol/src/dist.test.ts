import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const folder = new URL('..', import.meta.url).pathname;
const scripts = globSync('dist/**/*.{js,cjs}', { cwd: folder });
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

/** The code of a script and of all that it imports. */
function loaded(file: string, met = new Set<string>()): string {
  if (met.has(file)) return '';
  met.add(file);
  const code = read(file);
  const imports = [...code.matchAll(/^(?:import|\} from) "(\..*)";$/gm)].map(([, path = '']) => path);
  return [code, ...imports.map((path) => loaded(join(dirname(file), path), met))].join('\n');
}

it('has a script for each source file', () => {
  const sources = globSync('src/**/*.ts', { cwd: folder }).filter((file) => !file.endsWith('.test.ts'));
  expect(scripts).toEqual(
    expect.arrayContaining(sources.map((file) => file.replace(/^src/, 'dist').replace(/ts$/, 'js'))),
  );
});

it('loads the patterns with the scrubber and not with what a page needs at its start', () => {
  const patterns = 'cutCard';
  expect(loaded('dist/scrub/text.js')).toContain(patterns);
  for (const room of ['plain', 'fields', 'describe', 'names', 'truncate'])
    expect(loaded(`dist/scrub/${room}.js`)).not.toContain(patterns);
});
