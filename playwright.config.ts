import { installedBrowser } from '@artel/test-support/programs/requirements';
import { defineConfig } from '@playwright/test';
import { patientGateway, TEST_PATIENCE, WAIT_PATIENCE } from './vitest.patience';

// `npm test` names the browser, and installs it if it is missing; by hand, what is there is taken.
process.env['CHROMIUM_PATH'] ??= installedBrowser() ?? '';
process.env['GATEWAY_CONFIG'] ??= patientGateway.GATEWAY_CONFIG;
const { CHROMIUM_PATH } = process.env;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  // Each test has servers of its own, and the machine two cores.
  workers: 2,
  fullyParallel: true,
  // As in vitest.patience.ts: these end what hangs, and no test asserts how long something takes.
  timeout: TEST_PATIENCE,
  expect: { timeout: WAIT_PATIENCE },
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 360, height: 740 },
    locale: 'en-GB',
    launchOptions: {
      timeout: WAIT_PATIENCE,
      ...(CHROMIUM_PATH ? { executablePath: CHROMIUM_PATH } : {}),
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
    trace: 'retain-on-failure',
  },
});
