import { defineConfig } from 'vitest/config';
import { patient, patientGateway } from './vitest.patience.ts';

/** Type tests of the React package. A registration holds for a whole program, so each kind of app is a program of its own. */
const typesOf = (app: string, files: readonly string[]) => ({
  root: './packages/react',
  test: {
    name: `react types, ${app}`,
    include: [],
    typecheck: {
      enabled: true,
      only: true,
      tsconfig: `type-tests/tsconfig.${app}.json`,
      include: files.map((file) => `type-tests/${file}.test-d.ts`),
    },
  },
});

export default defineConfig({
  test: {
    // For the type tests; all other projects have it from `patient`.
    maxWorkers: patient.maxWorkers,
    projects: [
      'packages/*',
      'apps/*',
      'observability',
      'test-support',
      'packages/core/vitest.production.config.ts',
      'packages/react/vitest.react18.config.ts',
      'packages/react/vitest.router6.config.ts',
      typesOf('registered', ['registered', 'partly']),
      typesOf('unregistered', ['unregistered']),
      { test: { ...patient, name: 'scripts', include: ['scripts/**/*.test.ts'], env: patientGateway } },
      { test: { ...patient, name: 'benchmarks', include: ['benchmarks/**/*.test.ts'] } },
      { test: { ...patient, name: 'deploy', include: ['deploy/**/*.test.ts'] } },
    ],
  },
});
