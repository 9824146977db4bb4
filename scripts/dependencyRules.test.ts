import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import rules from '../.dependency-cruiser.mjs';

const tree = realpathSync(mkdtempSync(join(tmpdir(), 'artel-arrows-')));
afterAll(() => rmSync(tree, { recursive: true, force: true }));

function plant(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), text);
  }
}

/** A package with a source, and with the built file that its name leads to. */
function plantPackage(folder: string, name: string): void {
  const exports = { '.': { import: { types: './dist/index.d.ts', default: './dist/index.js' } } };
  plant({
    [`${folder}/package.json`]: JSON.stringify({ name, type: 'module', exports }),
    [`${folder}/src/index.ts`]: 'export const value = 1;',
    [`${folder}/dist/index.js`]: 'export const value = 1;',
    [`${folder}/dist/index.d.ts`]: 'export declare const value = 1;',
  });
}

/** Links a package as pnpm does. */
function link(from: string, name: string, to: string): void {
  const path = join(tree, from, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(tree, to), path, 'junction');
}

const PACKAGES = {
  '@artel/telemetry-protocol': 'packages/protocol',
  '@artel/telemetry-core': 'packages/core',
  '@artel/telemetry-react': 'packages/react',
  '@artel/telemetry-sentry': 'packages/sentry',
  '@artel/telemetry-gateway': 'packages/gateway',
  '@artel/telemetry-ops': 'packages/ops',
  '@artel/observability': 'observability',
  '@artel/test-support': 'test-support',
};

/** An offence, the file that commits it, and each rule that refuses it with what was imported. */
interface Refused {
  readonly offence: string;
  readonly file: string;
  readonly text: string;
  readonly refusals: readonly string[];
}

const REFUSED: readonly Refused[] = [
  {
    offence: 'an import upwards by name',
    file: 'packages/core/src/upwards.ts',
    text: `import { value } from '@artel/telemetry-react'; export const upwards = value;`,
    refusals: ['arrows-of-core → packages/react/dist/index.d.ts'],
  },
  {
    offence: 'an import upwards of a type',
    file: 'packages/protocol/src/upwards.ts',
    text: `import type { value } from '@artel/telemetry-core'; export type Upwards = typeof value;`,
    refusals: ['arrows-of-protocol → packages/core/dist/index.d.ts'],
  },
  {
    offence: 'an import upwards of a package that is not installed',
    file: 'packages/sentry/src/undeclared.ts',
    text: `export { value } from '@artel/telemetry-gateway';`,
    refusals: ['arrows-of-sentry → @artel/telemetry-gateway', 'no-unresolvable → @artel/telemetry-gateway'],
  },
  {
    offence: 'a relative path across a border',
    file: 'packages/ops/src/acrossBorder.ts',
    text: `export { value } from '../../protocol/src/index';`,
    refusals: ['borders-by-name → packages/protocol/src/index.ts'],
  },
  {
    offence: 'a relative path from an end-to-end test into sources',
    file: 'e2e/source.spec.ts',
    text: `import '../packages/core/src/index';`,
    refusals: ['borders-by-name-or-dist → packages/core/src/index.ts'],
  },
  {
    offence: 'commands that import a server they work on',
    file: 'packages/ops/src/server.ts',
    text: `export const server = import('@artel/telemetry-gateway');`,
    refusals: ['arrows-of-ops → packages/gateway/dist/index.d.ts'],
  },
  {
    offence: 'boards that import what only their tests may',
    file: 'observability/src/board.ts',
    text: `export { value } from '@artel/telemetry-gateway';`,
    refusals: ['arrows-of-observability-products → packages/gateway/dist/index.d.ts'],
  },
  {
    offence: 'a static import of Sentry, beside one of its types',
    file: 'packages/react/src/firstChunk.ts',
    text: `import type { value } from '@artel/telemetry-sentry';
           import { value as loaded } from '@artel/telemetry-sentry';
           export const both: typeof value = loaded;`,
    refusals: ['sentry-on-demand → packages/sentry/dist/index.d.ts'],
  },
  {
    offence: 'a product that imports a type of test-support',
    file: 'packages/gateway/src/supported.ts',
    text: `import type { value } from '@artel/test-support'; export type Supported = typeof value;`,
    refusals: ['no-tests-in-products → test-support/dist/index.d.ts'],
  },
  {
    offence: 'a product that imports a fixture',
    file: 'packages/gateway/src/fixed.ts',
    text: `export * from '../fixtures/batch';`,
    refusals: ['no-tests-in-products → packages/gateway/fixtures/batch.ts'],
  },
  {
    offence: 'a test that imports a script',
    file: 'packages/gateway/src/scripted.test.ts',
    text: `import '../../../scripts/start';`,
    refusals: ['no-imports-of-programs → scripts/start.ts'],
  },
  {
    offence: 'an end-to-end test that imports a benchmark',
    file: 'e2e/bench.spec.ts',
    text: `import '../benchmarks/measure';`,
    refusals: ['no-imports-of-benchmarks → benchmarks/measure.ts'],
  },
  {
    offence: 'test-support that imports one of those that stand on it',
    file: 'test-support/src/upwards.ts',
    text: `export { value } from '@artel/observability';`,
    refusals: ['test-support-below-tests → observability/dist/index.d.ts'],
  },
  {
    offence: 'an import of a file that is gone',
    file: 'packages/core/src/gone.ts',
    text: `export * from '../gone/gone';`,
    refusals: ['no-unresolvable → ../gone/gone'],
  },
  {
    offence: 'a circle of types alone',
    file: 'packages/core/src/circle.ts',
    text: `import type { Half } from './half'; export interface Circle { readonly half?: Half }`,
    refusals: ['no-circles → packages/core/src/half.ts'],
  },
];

const ALLOWED = [
  {
    file: 'packages/core/src/downwards.ts',
    text: `export { value } from '@artel/telemetry-protocol';`,
    imported: 'packages/protocol/dist/index.d.ts',
  },
  {
    file: 'packages/react/src/onDemand.ts',
    text: `import type { value } from '@artel/telemetry-sentry';
           export const sentry: Promise<{ value: typeof value }> = import('@artel/telemetry-sentry');`,
    imported: 'packages/sentry/dist/index.d.ts',
  },
  {
    file: 'packages/react/src/sentry.test.ts',
    text: `import '@artel/telemetry-sentry';`,
    imported: 'packages/sentry/dist/index.d.ts',
  },
  {
    file: 'packages/gateway/fixtures/batch.ts',
    text: `export * from '@artel/test-support';`,
    imported: 'test-support/dist/index.d.ts',
  },
  {
    file: 'packages/gateway/src/batch.test.ts',
    text: `import '../fixtures/batch';`,
    imported: 'packages/gateway/fixtures/batch.ts',
  },
  {
    file: 'observability/src/board.test.ts',
    text: `import '@artel/telemetry-gateway';`,
    imported: 'packages/gateway/dist/index.d.ts',
  },
  {
    file: 'e2e/built.spec.ts',
    text: `import '../packages/core/dist/index.js';`,
    imported: 'packages/core/dist/index.js',
  },
  { file: 'scripts/bench.ts', text: `import '../benchmarks/measure';`, imported: 'benchmarks/measure.ts' },
];

/** What the rules refuse of each file, as `rule → imported file`. */
const refusals = new Map<string, string[]>();
/** What each file imports. */
const imports = new Map<string, string[]>();

beforeAll(async () => {
  for (const [name, folder] of Object.entries(PACKAGES)) plantPackage(folder, name);
  link('packages/protocol', '@artel/telemetry-core', 'packages/core');
  link('packages/core', '@artel/telemetry-protocol', 'packages/protocol');
  link('packages/core', '@artel/telemetry-react', 'packages/react');
  link('packages/react', '@artel/telemetry-sentry', 'packages/sentry');
  link('packages/gateway', '@artel/test-support', 'test-support');
  link('packages/ops', '@artel/telemetry-gateway', 'packages/gateway');
  link('observability', '@artel/telemetry-gateway', 'packages/gateway');
  link('test-support', '@artel/observability', 'observability');
  plant({
    'packages/core/src/half.ts': `import type { Circle } from './circle'; export type Half = Circle;`,
    'scripts/start.ts': '',
    'benchmarks/measure.ts': '',
  });
  for (const { file, text } of [...REFUSED, ...ALLOWED]) plant({ [file]: text });

  const { options, ...ruleSet } = rules;
  const { output } = await cruise(['.'], { ...options, ruleSet, validate: true, baseDir: tree });
  if (typeof output === 'string') throw new Error(output);
  for (const { rule, from, to } of output.summary.violations) {
    refusals.set(from, [...(refusals.get(from) ?? []), `${rule.name} → ${to}`]);
  }
  for (const { source, dependencies } of output.modules) {
    imports.set(
      source,
      dependencies.map(({ resolved }) => resolved),
    );
  }
}, 60_000);

describe('the rules of imports', () => {
  it.each(REFUSED)('refuse $offence', ({ file, refusals: expected }) => {
    expect(refusals.get(file)?.sort()).toEqual(expected);
  });

  it.each(ALLOWED)('allow $file what it imports', ({ file, imported }) => {
    expect(imports.get(file)).toContain(imported);
    expect(refusals.get(file)).toBeUndefined();
  });
});
