import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Many of the tests wait for servers; by itself vitest would keep one of two cores idle.
    maxWorkers: 2,
    projects: [
      'packages/*',
      'apps/*',
      'observability',
      'packages/react/vitest.react18.config.ts',
      'packages/react/vitest.router6.config.ts',
      { test: { name: 'scripts', include: ['scripts/**/*.test.ts'] } },
      { test: { name: 'deploy', include: ['deploy/**/*.test.ts'] } },
    ],
  },
});
