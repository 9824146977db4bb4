import { defineConfig } from 'vitest/config';
import { patient, patientGateway } from './vitest.patience.ts';

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
      { test: { ...patient, name: 'scripts', include: ['scripts/**/*.test.ts'], env: patientGateway } },
      { test: { ...patient, name: 'deploy', include: ['deploy/**/*.test.ts'] } },
    ],
  },
});
