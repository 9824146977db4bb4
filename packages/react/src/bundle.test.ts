// @vitest-environment node
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const read = (file: string) => readFile(new URL(`../dist/${file}`, import.meta.url), 'utf8');

it.each([
  'index.js',
  'index.cjs',
  'development/index.js',
  'reactRouter.js',
  'reactRouter.cjs',
  'tanstackRouter.js',
  'tanstackRouter.cjs',
])('begins %s with "use client", for frameworks that render on servers', async (file) => {
  expect((await read(file)).split('\n')[0]).toBe('"use client";');
});

it('reaches Sentry through a dynamic import only', async () => {
  const code = await read('index.js');
  expect(code).toContain('import("@artel/telemetry-sentry")');
  expect(code).not.toMatch(/from ["']@artel\/telemetry-sentry["']/);
});

it('contains no router in the main entry, and no second client in the others', async () => {
  expect(await read('index.js')).not.toMatch(/["'](?:react-router|@tanstack\/react-router)["']/);
  for (const file of ['reactRouter.js', 'tanstackRouter.js', 'testing.js']) {
    const imported = [...(await read(file)).matchAll(/from "([^"]*)"/g)].map(([, name]) => name);
    expect(imported).toContain('@artel/telemetry-react');
    expect(imported.filter((name) => name?.startsWith('.'))).toEqual([]);
  }
  for (const file of ['reactRouter.cjs', 'tanstackRouter.cjs', 'testing.cjs']) {
    expect(await read(file)).toContain('require("@artel/telemetry-react")');
  }
});

it.each(['index.d.ts', 'index.d.cts'])('compiles in an app without Sentry: %s', async (file) => {
  const lines = (await read(file)).split('\n');
  const imports = lines.flatMap((line, at) => (line.includes("'@artel/telemetry-sentry'") ? [at] : []));
  expect(imports.length).toBeGreaterThan(0);
  for (const at of imports) expect(lines[at - 1]).toContain('@ts-ignore');
});
