import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Many of the tests wait for servers; three at once keep two cores busy.
    maxWorkers: 3,
    projects: [
      'packages/*',
      'apps/*',
      'observability',
      'packages/react/vitest.react18.config.ts',
      'packages/react/vitest.router6.config.ts',
      // Programs are started, and a busy machine takes its time.
      { test: { name: 'scripts', include: ['scripts/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'deploy', include: ['deploy/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'test-support', include: ['test-support/**/*.test.ts'], testTimeout: 180_000 } },
    ],
  },
});
