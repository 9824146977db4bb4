// @vitest-environment node
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const read = (file: string) => readFile(new URL(`../dist/${file}`, import.meta.url), 'utf8');

it.each(['index.js', 'index.cjs'])(
  'begins %s with "use client", for frameworks that render on servers',
  async (file) => {
    expect((await read(file)).split('\n')[0]).toBe('"use client";');
  },
);

it('reaches Sentry through a dynamic import only', async () => {
  const code = await read('index.js');
  expect(code).toContain('import("@artel/telemetry-sentry")');
  expect(code).not.toMatch(/from ["']@artel\/telemetry-sentry["']/);
});
