import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bytes of a module as a page would load it: bundled, minified, brotli. */
async function size(source: string, external: readonly string[] = []): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: `${root}packages/react` },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2020',
    external: [...external],
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return brotliCompressSync(outputFiles[0]?.contents ?? '').length;
}

const react = `'${root}packages/react/dist/index.js'`;
const besideReact = ['react', 'react/jsx-runtime', '@artel/telemetry-sentry'];

const start = (integrations: string) =>
  `import { createTelemetry, ${integrations.replaceAll('()', '')} } from '@artel/telemetry-core';
   globalThis.telemetry = createTelemetry({ endpoint: '/m', app: 'a', integrations: [${integrations}] });`;
const usual = 'apiCalls(), errors(), pageLoad(), webVitals()';
const whole = start(usual);
const withTelegram = start(`${usual}, telegram()`);

// Bytes as they stand; what grows must say so here. The goals are 6 KB for the core without web vitals, 9 KB with all,
// and 1.5 KB more for React's bindings.
it('the core with every integration but web vitals fits its budget', async () => {
  expect(await size(start('apiCalls(), errors(), pageLoad()'))).toBeLessThan(11_000);
});

it('the whole client fits its budget', async () => {
  expect(await size(whole)).toBeLessThan(14_050);
});

it('telegram() costs those who use it what its budget says, and the others nothing', async () => {
  expect((await size(withTelegram)) - (await size(whole))).toBeLessThan(1_350);
});

it('React’s bindings add no more than their budget, without React and Sentry', async () => {
  const core = await size(whole);
  const bindings = `import { initTelemetry, ErrorBoundary, useMetrics } from ${react};
    globalThis.used = [initTelemetry({ endpoint: '/m', app: 'a' }), ErrorBoundary, useMetrics];`;
  expect((await size(bindings, besideReact)) - core).toBeLessThan(1_640);
  const all = await size(`export * from ${react};`, besideReact);
  expect(all - (await size(withTelegram))).toBeLessThan(2_100);
});
