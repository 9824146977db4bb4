// `npm test`: lint, types, arrows, dead code, sizes, packages, unit and integration tests, end-to-end tests in three browsers.
// `npm run test:unit`: the unit tests alone, which need no server and no browser. Both end with `N passed, N failed`.
import { mkdirSync, readdirSync } from 'node:fs';
import { programs } from '@artel/test-support/programs/findProgram';
import { requireBrowser, requireProgram } from '@artel/test-support/programs/requirements';
import { type Check, checks, suite, type Tally, total } from './runStep';

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly skipped: number;
    readonly flaky: number;
  };
}

type Env = Readonly<Record<string, string>>;

const ci = process.env['CI'] === 'true';

/** Runs vitest over the files that `args` select. */
function vitest(name: string, args: readonly string[], env: Env = {}): Promise<Tally> {
  const report = `test-results/${name}.json`;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return suite('vitest', ['run', ...reporters, ...args], env, report, (json) => {
    const { numPassedTests, numFailedTests, numPendingTests } = json as VitestReport;
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
  });
}

function playwright(env: Env): Promise<Tally> {
  const report = 'test-results/e2e.json';
  return suite('playwright', ['test'], { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report }, report, (json) => {
    const { expected, unexpected, skipped, flaky } = (json as PlaywrightReport).stats;
    return { passed: expected, failed: unexpected + flaky, skipped };
  });
}

function staticChecks(): Promise<Tally[]> {
  const folders = (group: string) => readdirSync(group).map((name) => `${group}/${name}`);
  const packages = folders('packages');
  const projects = [
    '.',
    ...packages,
    ...folders('apps'),
    'observability',
    'test-support',
    'packages/gateway/src/live/page',
  ];
  return checks([
    ['API docs', 'typedoc', ['--emit', 'none', '--treatWarningsAsErrors']],
    ['lint and format', 'biome', ['check', '--error-on-warnings', '.']],
    ['arrows between rooms', 'depcruise', ['.', '--output-type', 'err-long']],
    ['unused files, exports and dependencies', 'knip', []],
    ['sizes', 'size-limit', []],
    // TypeScript 7 checks in a third of the time; the tools that call the compiler need the API of version 5.
    ...projects.map(
      (project): Check => [
        `types of ${project}`,
        '../typescript-7/bin/tsc',
        ['-p', `${project}/tsconfig.json`],
      ],
    ),
    ...packages.flatMap((folder): Check[] => [
      [`publint ${folder}`, 'publint', [folder, '--strict', '--pack', 'npm']],
      // A single ES module for pages: nothing requires it.
      [`arethetypeswrong ${folder}`, 'attw', ['--pack', folder, '--exclude-entrypoints', 'browser']],
    ]),
  ]);
}

/** The paths of all programs that tests run, by their variables. What is missing fails in CI; elsewhere its tests are skipped. */
function requirePrograms(): { readonly env: Env; readonly missing: readonly string[] } {
  const requirements = {
    CHROMIUM_PATH: requireBrowser(),
    ...Object.fromEntries(programs.map(([program, variable]) => [variable, requireProgram(program)])),
  };
  const env: Record<string, string> = {};
  const missing: string[] = [];
  for (const [variable, requirement] of Object.entries(requirements)) {
    if ('path' in requirement) env[variable] = requirement.path;
    else missing.push(requirement.missing);
  }
  return { env, missing };
}

async function everything(): Promise<Tally[]> {
  const { env, missing } = requirePrograms();
  for (const reason of missing)
    console.log(`${ci ? '✗' : '-'} ${reason}: the tests that need it are skipped`);
  return [
    ...(ci ? missing.map(() => ({ passed: 0, failed: 1, skipped: 0 })) : []),
    ...(await staticChecks()),
    await vitest('vitest', [], env),
    // Once more with Prometheus 3 and Alertmanager 0.3x, which that configuration brings.
    await vitest('servers', ['--config', 'vitest.servers.config.ts'], env),
    await playwright(env),
  ];
}

/** In CI, too, what a unit test needs and does not find is skipped: no program is installed for it. */
async function unit(): Promise<Tally[]> {
  const { passed, failed } = await vitest('unit', ['--exclude', '**/*.integration.test.{ts,tsx}'], {
    CI: '',
  });
  return [{ passed, failed, skipped: 0 }];
}

mkdirSync('test-results', { recursive: true });
const [only] = process.argv.slice(2);
if (only !== undefined && only !== 'unit') {
  console.error(`expected nothing or unit, got ${only}`);
  process.exit(2);
}
const { passed, failed, skipped } = total(only === 'unit' ? await unit() : await everything());
const leftOut = ci && skipped > 0;
if (leftOut) console.log(`\n✗ in CI every test must run: ${skipped} did not`);
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 || leftOut ? 1 : 0);
