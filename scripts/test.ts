// `npm test`: lint, types, package checks, unit tests, end-to-end tests; ends with `N passed, N failed`.
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

const tallies: Tally[] = [];
const ci = process.env['CI'] === 'true';

const requirements = {
  CHROMIUM_PATH: requireBrowser(),
  ...Object.fromEntries(programs.map(([program, variable]) => [variable, requireProgram(program)])),
};
const env: Record<string, string> = {};
for (const [variable, requirement] of Object.entries(requirements)) {
  if ('path' in requirement) env[variable] = requirement.path;
  else {
    console.log(`${ci ? '✗' : '-'} ${requirement.missing}: the tests that need it are skipped`);
    if (ci) tallies.push({ passed: 0, failed: 1, skipped: 0 });
  }
}

const folders = (group: string) => readdirSync(group).map((name) => `${group}/${name}`);
const packages = folders('packages');

const projects = ['.', ...packages, ...folders('apps'), 'observability', 'packages/gateway/src/live/page'];
tallies.push(
  ...(await checks([
    ['API docs', 'typedoc', ['--emit', 'none', '--treatWarningsAsErrors']],
    ['lint and format', 'biome', ['check', '--error-on-warnings', '.']],
    ...projects.map((project): Check => [`types of ${project}`, 'tsc', ['-p', `${project}/tsconfig.json`]]),
    ...packages.flatMap((folder): Check[] => [
      [`publint ${folder}`, 'publint', [folder, '--strict', '--pack', 'npm']],
      [`arethetypeswrong ${folder}`, 'attw', ['--pack', folder]],
    ]),
  ])),
);

mkdirSync('test-results', { recursive: true });
const unitReport = 'test-results/unit.json';
tallies.push(
  await suite(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`],
    env,
    unitReport,
    (json) => {
      const { numPassedTests, numFailedTests, numPendingTests } = json as VitestReport;
      return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
    },
  ),
);

const e2eReport = 'test-results/e2e.json';
tallies.push(
  await suite(
    'playwright',
    ['test'],
    { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: e2eReport },
    e2eReport,
    (json) => {
      const { expected, unexpected, skipped, flaky } = (json as PlaywrightReport).stats;
      return { passed: expected, failed: unexpected + flaky, skipped };
    },
  ),
);

const { passed, failed, skipped } = total(tallies);
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 || (ci && skipped > 0) ? 1 : 0);
