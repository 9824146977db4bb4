import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installedApp } from './installedApp';

const run = promisify(execFile);
const tsc = (name: string) => join(import.meta.dirname, '../../node_modules', name, 'bin/tsc');

let app = '';
beforeAll(() => {
  app = installedApp({
    'package.json': '{"type":"module"}',
    'app.tsx': `
import { createTelemetry, type Telemetry } from '@artel/telemetry-core';
import { defineMetrics, ErrorBoundary, initTelemetry, useMetrics } from '@artel/telemetry-react';
import { usePageViews } from '@artel/telemetry-react/tanstack-router';
import { initSentry } from '@artel/telemetry-sentry';
export const metrics = defineMetrics({ actions: { hit: { cue: ['ash', 'oak'] } } });
export const telemetry: Telemetry = createTelemetry({ endpoint: '/api/metrics', app: 'a' });
telemetry.trackUserAction('hit', { cue: 'ash' });
// @ts-expect-error Not a name: the declarations are found, since nothing is any.
telemetry.count(1);
export const used = [initTelemetry, ErrorBoundary, useMetrics, usePageViews, initSentry];
`,
    'router.ts': `export { TrackedRoutes } from '@artel/telemetry-react/react-router';`,
  });
});
afterAll(() => rmSync(app, { recursive: true, force: true }));

/** What the compiler says about the app and about our declarations; other libraries' errors are left out. */
async function errorsOf(compiler: string, module: string, moduleResolution: string): Promise<string[]> {
  const compilerOptions = {
    module,
    moduleResolution,
    target: 'es2020',
    lib: ['es2022', 'dom'],
    jsx: 'react-jsx',
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
  };
  // Only compilers that read `exports` find React Router 8 itself.
  const files = moduleResolution === 'node' ? ['app.tsx'] : ['app.tsx', 'router.ts'];
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const { stdout } = await run(process.execPath, [tsc(compiler)], { cwd: app }).catch(
    (error: { readonly stdout: string }) => error,
  );
  return stdout.split('\n').filter((line) => /error TS/.test(line) && !/^[^(]*node_modules/.test(line));
}

it.each([
  ['typescript-5.0', 'esnext', 'node'],
  ['typescript-5.0', 'node16', 'node16'],
  ['typescript-5.0', 'esnext', 'bundler'],
  ['typescript-7', 'nodenext', 'nodenext'],
  ['typescript-7', 'esnext', 'bundler'],
])('%s compiles an app against the declarations, module %s, resolution %s', async (...compiler) => {
  expect(await errorsOf(...compiler)).toEqual([]);
});
