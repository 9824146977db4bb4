import { defineConfig } from 'vitest/config';
import { patient } from '../../vitest.patience.ts';
import { livePageForTests } from './buildLivePage.ts';

export default defineConfig({
  plugins: [livePageForTests],
  test: {
    ...patient,
    name: 'gateway',
    environment: 'node',
  },
});
