// @ts-check
// The last step of the build. Sentry is an optional peer: where it is not installed, its types must be `any` and no error.
import { readFileSync, writeFileSync } from 'node:fs';

for (const name of ['dist/index.d.ts', 'dist/index.d.cts']) {
  const file = new URL(name, import.meta.url);
  const text = readFileSync(file, 'utf8');
  const tolerant = text.replace(
    /^(?=(?:import|export) .* from '@artel\/telemetry-sentry';$)/gm,
    '// @ts-ignore An optional peer: any where it is not installed.\n',
  );
  if (tolerant === text) throw new Error(`${name} imports no types of @artel/telemetry-sentry`);
  writeFileSync(file, tolerant);
}
