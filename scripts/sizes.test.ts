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

const core = "'@artel/telemetry-core'";
const start = (integrations: string) =>
  `import { createTelemetry, ${integrations.replaceAll('()', '')} } from ${core};
   globalThis.telemetry = createTelemetry({ endpoint: '/m', app: 'a', integrations: [${integrations}] });`;

// Bytes as they stand; what grows must say so here. The goals are 6 KB for the core without web vitals, 9 KB with all,
// and 1.5 KB more for React's bindings.
it('the core with every integration but web vitals fits its budget', async () => {
  expect(await size(start('apiCalls(), errors(), pageLoad()'))).toBeLessThan(12_100);
});

it('the whole client fits its budget', async () => {
  expect(await size(start('apiCalls(), errors(), pageLoad(), webVitals()'))).toBeLessThan(15_100);
});

it('the React bindings fit their budget, without React, the core and Sentry', async () => {
  const all = "export * from '@artel/telemetry-react';";
  const dist = `${root}packages/react/dist/index.js`;
  const external = ['react', 'react/jsx-runtime', '@artel/telemetry-core', '@artel/telemetry-sentry'];
  expect(await size(all.replace('@artel/telemetry-react', dist), external)).toBeLessThan(2_500);
});
