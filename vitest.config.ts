import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      'packages/*',
      'apps/*',
      'packages/react/vitest.react18.config.ts',
      'packages/react/vitest.router6.config.ts',
      { test: { name: 'scripts', include: ['scripts/**/*.test.ts'] } },
      { test: { name: 'deploy', include: ['deploy/**/*.test.ts'] } },
    ],
  },
});
